import fc from 'fast-check';
import { expect, it, test } from 'vitest';
import { wilson } from '../../../src/watch/statistics/wilson.ts';

// R. G. Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
test.each([
  [81, 263, 0.2553, 0.3662],
  [15, 148, 0.0624, 0.1605],
  [0, 20, 0, 0.1611],
  [1, 29, 0.0061, 0.1718],
])('%i of %i: as the literature has it', (lost, tried, low, high) => {
  const told = wilson(lost, tried);
  expect(told.rate).toBe(lost / tried);
  expect(told.low).toBeCloseTo(low, 4);
  expect(told.high).toBeCloseTo(high, 4);
});

it('says nothing where nothing was tried', () => {
  expect(wilson(0, 0)).toEqual({ rate: null, low: 0, high: 1 });
});

it('holds the rate, and stays a part of one', () => {
  fc.assert(
    fc.property(fc.nat(10_000), fc.nat(10_000), (lost, passed) => {
      fc.pre(lost + passed > 0);
      const { rate, low, high } = wilson(lost, lost + passed);
      return 0 <= low && low <= rate! && rate! <= high && high <= 1;
    }),
  );
});
