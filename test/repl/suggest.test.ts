import { expect, test } from 'vitest';
import { distance, nearest } from '../../src/repl/suggest.ts';

test('counts slips of the hand', () => {
  expect(distance('check', 'check')).toBe(0);
  expect(distance('chekc', 'check')).toBe(1);
  expect(distance('chck', 'check')).toBe(1);
  expect(distance('', 'abc')).toBe(3);
});

test('suggests what is near, and nothing that is not', () => {
  const commands = ['check', 'path', 'causes', 'capture', 'explain'];
  expect(nearest('chekc', commands)).toBe('check');
  expect(nearest('PATH', commands)).toBe('path');
  expect(nearest('exp', commands)).toBe('explain');
  expect(nearest('ca', commands)).toBeUndefined();
  expect(nearest('zzzz', commands)).toBeUndefined();
});
