import { expect, test } from 'vitest';
import { turn } from '../../../src/host/sys/turn.ts';

test('takes what there is, and says that there is no more', () => {
  let left = 3;
  expect(turn(() => left-- > 0)).toBe(false);
  expect(left).toBe(-1);
});

test('ends after so many items where there is no end', () => {
  let taken = 0;
  const endless = () => ++taken > 0;
  expect(turn(endless, { items: 10, milliseconds: 1000 })).toBe(true);
  expect(taken).toBe(10);
});

test('ends after so long where one item takes long', () => {
  const slow = () => {
    const until = performance.now() + 2;
    while (performance.now() < until);
    return true;
  };
  const began = performance.now();
  expect(turn(slow, { items: 1_000_000, milliseconds: 10 })).toBe(true);
  expect(performance.now() - began).toBeLessThan(1000);
});
