import { expect, test } from 'vitest';
import { nearest } from '../../src/main/nearest.ts';

const KNOWN = ['ip-forward-off', 'bridge-down', 'uplink-down', 'diagnosis', 'error'];

test.each([
  ['ip-forwrd-off', 'ip-forward-off'],
  ['ip-froward-off', 'ip-forward-off'],
  ['bridge-donw', 'bridge-down'],
  ['diag', 'diagnosis'],
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
