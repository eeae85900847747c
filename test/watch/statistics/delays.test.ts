import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Delays, delaysOf, Spread } from '../../../src/watch/statistics/delays.ts';

const spreadOf = (values: readonly number[]): Delays | null => {
  const spread = new Spread();
  for (const value of values) spread.add(value);
  return spread.told();
};

it('says nothing of none', () => {
  expect(spreadOf([])).toBeNull();
  expect(delaysOf([])).toBeNull();
});

it('of a few, all of it', () => {
  // Of 2, 4, 4, 4, 5, 5, 7, 9 the standard deviation of the sample is the root of 32/7; steps are 2 0 0 1 0 2 2.
  const told = delaysOf([2, 4, 4, 4, 5, 5, 7, 9])!;
  expect(told).toMatchObject({ count: 8, last: 9, average: 5, best: 2, worst: 9, p50: 4, p90: 9, p99: 9 });
  expect(told.deviation).toBeCloseTo(Math.sqrt(32 / 7), 12);
  expect(told.jitter).toBeCloseTo(1, 12);
});

it('the same of a whole run in room of one size, percentiles to one in a hundred', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 2e9 }), { minLength: 1, maxLength: 200 }), (values) => {
      const [run, exact] = [spreadOf(values)!, delaysOf(values)!];
      for (const key of ['count', 'last', 'best', 'worst'] as const) expect(run[key]).toBe(exact[key]);
      for (const key of ['average', 'deviation', 'jitter'] as const)
        expect(Math.abs(run[key] - exact[key])).toBeLessThanOrEqual(1e-6 * (1 + exact[key]));
      for (const key of ['p50', 'p90', 'p99'] as const)
        expect(Math.abs(run[key] - exact[key])).toBeLessThanOrEqual(0.01 * exact[key] + 1);
    }),
  );
});

it('takes a delay of hours', () => {
  expect(spreadOf([1e13])).toMatchObject({ worst: 1e13, count: 1 });
});
