import { expect, it } from 'vitest';
import { capacity, isReserved, portRange } from '../../src/kernel/source-ports.ts';

it('reads a range as the kernel prints it, and nothing else', () => {
  expect(portRange('32768\t60999\n')).toEqual({ first: 32768, last: 60999 });
  expect(portRange('60999 32768')).toBeUndefined();
  expect(portRange('')).toBeUndefined();
  expect(portRange(undefined)).toBeUndefined();
});

it('counts what may be given out without what is reserved', () => {
  const range = { first: 40000, last: 40009 };
  expect(capacity(range, '')).toBe(10);
  expect(capacity(range, '8080,40001-40003,40009')).toBe(6);
  expect(capacity(range, '1-65535')).toBe(0);
  expect(isReserved(40002, '40001-40003')).toBe(true);
  expect(isReserved(40004, '40001-40003')).toBe(false);
});
