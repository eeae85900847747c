import { describe, expect, test } from 'vitest';
import type { Machine } from '../../src/host/machine.ts';
import { Lightly } from '../../src/watch/lightly.ts';

/** Looks every half second at a host through which much passes, or not; what is lost, in seconds from the beginning. */
function story(busy: (second: number) => boolean, seconds: number, lost: readonly number[] = []): string {
  let now = 0n;
  const second = (): number => Number(now) / 1e9;
  const clock = { now: () => now } as Machine;
  const lightly = new Lightly(clock, () => busy(second()));
  let said = '';
  for (; second() < seconds; now += 250_000_000n) {
    if (lost.includes(second())) lightly.lose();
    const one = lightly.look() ? 'light' : 'all';
    if (!said.endsWith(one)) said += ` ${second()}:${one}`;
  }
  return said.trim();
}

describe('a watch listens', () => {
  test('at every hop where little passes', () => {
    expect(story(() => false, 100)).toBe('0:all');
  });

  test('lightly where much passes, and not for one moment of it', () => {
    expect(story(() => true, 100)).toBe('0:all 1:light');
    expect(story((second) => second === 5, 100)).toBe('0:all');
  });

  test('at every hop again when little has passed for ten seconds', () => {
    expect(story((second) => second < 20, 100)).toBe('0:all 1:light 29.5:all');
    expect(story((second) => second < 20 || second > 25, 40)).toBe('0:all 1:light');
  });

  test('at every hop for a minute from each loss on', () => {
    expect(story(() => true, 200, [10, 30])).toBe('0:all 1:light 10:all 90:light');
    expect(story(() => true, 80, [0])).toBe('0:all 60:light');
  });
});
