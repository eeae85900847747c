import { expect, it } from 'vitest';
import { until } from './until.ts';

it('begins nothing more once the time is over, and says what is left', () => {
  let now = 0;
  const all = [1, 2, 3];
  const begun: number[] = [];
  for (const one of until(all, 1, () => now)) {
    begun.push(one);
    now += 40_000;
  }
  expect([begun, all]).toEqual([[1, 2], [3]]);
});

it('begins all of them where no time is told', () => {
  expect([...until([1, 2], null)]).toEqual([1, 2]);
});
