import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { pause } from '../../../src/host/clock.ts';
import { virtualClock } from '../../../src/host/record/virtual-clock.ts';

const HOUR = 3_600_000;

test('an hour is waited for in no time, and what is asked for sooner comes sooner', async () => {
  const clock = virtualClock(5n);
  const came: string[] = [];
  const note = (what: string) => () => void came.push(`${what} ${clock.now()}`);
  clock.after(HOUR, note('last'));
  clock.after(2, note('second'));
  clock.after(1, note('first'));
  clock.after(2, note('third'));
  await pause(clock, HOUR);
  expect(came).toEqual(['first 1000005', 'second 2000005', 'third 2000005', 'last 3600000000005']);
});

test('it stands while answers are on their way', async () => {
  const clock = virtualClock(0n);
  let late = false;
  clock.after(1, () => {
    late = true;
  });
  for (let answers = 0; answers < 100; answers++) await Promise.resolve();
  await new Promise(setImmediate);
  expect(late).toBe(false);
  await pause(clock, 1);
  expect(late).toBe(true);
});

test('it stands while this process itself is at work', async () => {
  const clock = virtualClock(0n);
  const waited = pause(clock, HOUR);
  const [moment] = await Promise.all([clock.during(sleep(30).then(() => clock.now())), waited]);
  expect(moment).toBe(0n);
  expect(clock.now()).toBe(BigInt(HOUR) * 1_000_000n);
  await expect(clock.during(Promise.reject(new Error('no')))).rejects.toThrow('no');
  await pause(clock, HOUR);
});

test('what was taken back never comes, nor what is waited for without end', async () => {
  const clock = virtualClock(0n);
  const came: string[] = [];
  clock.after(1, () => came.push('taken back'))();
  clock.after(Number.POSITIVE_INFINITY, () => came.push('without end'));
  await pause(clock, HOUR);
  expect(came).toEqual([]);
});
