import fc from 'fast-check';
import { test } from 'vitest';
import { hostile, withstood } from './hostile.ts';

/** `npm run exam:suites` tries a hundred thousand. */
test('three thousand hostile files are read to an end, whatever pieces they come in', () => {
  fc.assert(fc.property(hostile, withstood), { numRuns: 3000 });
});
