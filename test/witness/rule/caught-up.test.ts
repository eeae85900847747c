import { expect, test } from 'vitest';
import { virtualClock } from '../../../src/host/record/virtual-clock.ts';
import { caughtUp } from '../../../src/witness/rule/caught-up.ts';

/** A listener that has so many turns of messages left. */
function listener(turns: number) {
  let left = turns;
  return { look: () => --left > 0, left: () => Math.max(0, left) };
}

test('every listener is read until it has no more to tell', async () => {
  const all = [listener(1), listener(5)];
  expect(await caughtUp(virtualClock(0n), all)).toBe(true);
  expect(all.map((one) => one.left())).toEqual([0, 0]);
});

test('one that never ends is given up, and that is said', async () => {
  expect(await caughtUp(virtualClock(0n), [listener(Number.POSITIVE_INFINITY)], 5)).toBe(false);
});
