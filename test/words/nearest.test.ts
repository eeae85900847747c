import { expect, test } from 'vitest';
import { distance, nearest } from '../../src/words/nearest.ts';

const KNOWN = ['ip-forward-off', 'bridge-down', 'uplink-down', 'diagnosis', 'error'];

test.each([
  ['ip-forwrd-off', 'ip-forward-off'],
  ['ip-froward-off', 'ip-forward-off'],
  ['bridge-donw', 'bridge-down'],
  ['diag', 'diagnosis'],
  ['EROR', 'error'],
  ['eror', 'error'],
  ['nothing-like-it', null],
  ['', null],
  ['x', null],
])('%j → %j', (word, found) => {
  expect(nearest(word, KNOWN)).toBe(found);
});

test('nothing is near where nothing is known', () => {
  expect(nearest('web', [])).toBeNull();
});

test('counts slips of the hand', () => {
  expect(distance('check', 'check')).toBe(0);
  expect(distance('chekc', 'check')).toBe(1);
  expect(distance('chck', 'check')).toBe(1);
  expect(distance('', 'abc')).toBe(3);
});

test('a beginning is enough where one word begins so, and no guess where several do', () => {
  const commands = ['check', 'path', 'causes', 'capture', 'explain'];
  expect(nearest('exp', commands)).toBe('explain');
  expect(nearest('ca', commands)).toBeNull();
});

test('what is far too long is no slip of the hand', () => {
  expect(nearest('a'.repeat(41), ['a'.repeat(42)])).toBeNull();
});
