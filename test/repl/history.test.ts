import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  emptyHistory,
  readHistory,
  recall,
  remember,
  search,
  startWalk,
  step,
  writeHistory,
} from '../../src/repl/history.ts';

const of = (...lines: string[]) => lines.reduce(remember, emptyHistory);

test('keeps each line once, the newest place counts', () => {
  expect(of('check', 'path', 'check').lines).toEqual(['path', 'check']);
});

test('keeps no empty line and none that begins with a space', () => {
  expect(of('', '   ', ' check', 'path ').lines).toEqual(['path']);
});

test('keeps a thousand', () => {
  const many = of(...Array.from({ length: 1100 }, (_, index) => `check ${index}`));
  expect(many.lines).toHaveLength(1000);
  expect(many.lines[0]).toBe('check 100');
});

test('walks by what was typed, and back to it', () => {
  const history = of('check a', 'path', 'check b');
  const start = startWalk(history, 'ch', 'ch');
  const first = step(history, start, 'older')!;
  expect(first.line).toBe('check b');
  const second = step(history, first.walk, 'older')!;
  expect(second.line).toBe('check a');
  expect(step(history, second.walk, 'older')).toBeNull();
  const back = step(history, second.walk, 'newer')!;
  expect(back.line).toBe('check b');
  expect(step(history, back.walk, 'newer')!.line).toBe('ch');
});

test('searches backwards, further with each press', () => {
  const history = of('check one', 'path', 'check two');
  expect(search(history, 'check')).toBe(2);
  expect(search(history, 'check', 2)).toBe(0);
  expect(search(history, 'check', 0)).toBeNull();
  expect(search(history, '')).toBeNull();
});

test('recalls the newest line that begins so', () => {
  const history = of('check a', 'check b');
  expect(recall(history, 'ch')).toBe('check b');
  expect(recall(history, 'check b')).toBeUndefined();
  expect(recall(history, '')).toBeUndefined();
});

test('a file comes back as it was written, a damaged one as far as it can be read', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ minLength: 1 }).filter((line) => /^\S[^\u007f-\u009f]*$/.test(line))),
      (lines) => {
        const history = of(...lines);
        expect(readHistory(writeHistory(history))).toEqual(history);
      },
    ),
  );
  expect(readHistory('check\n\u0000\u001b[2J\npath').lines).toEqual(['check', 'path']);
});
