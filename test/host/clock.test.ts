import { expect, test } from 'vitest';
import { every, realClock, within } from '../../src/host/clock.ts';
import { virtualClock } from '../../src/host/record/virtual-clock.ts';

test('work that is done in time is handed on, and nobody waits any longer', async () => {
  const clock = virtualClock(0n);
  expect(await within(clock, 3_600_000, Promise.resolve(7))).toBe(7);
  expect(clock.now()).toBe(0n);
});

test('work that takes longer is given up, and what it threw in time is thrown', async () => {
  expect(await within(realClock, 5, new Promise(() => {}))).toBeNull();
  await expect(within(realClock, 60_000, Promise.reject(new Error('no')))).rejects.toThrow('no');
});

test('it is told again and again, until it is taken back', async () => {
  const clock = virtualClock(0n);
  const told: bigint[] = [];
  await new Promise<void>((resolve) => {
    const cancel = every(clock, 500, () => {
      told.push(clock.now() / 1_000_000n);
      if (told.length < 3) return;
      cancel();
      resolve();
    });
  });
  expect(told).toEqual([500n, 1000n, 1500n]);
});
