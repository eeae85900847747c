import { expect, it } from 'vitest';
import { nftClauses } from '../../../src/kernel/nft-clauses.ts';
import { wrapText } from '../../../src/output/line/wrap.ts';
import { parseLine } from '../../../src/witness/journey/line.ts';

it('breaks a long word where the cells end, and wide characters whole', () => {
  expect(wrapText('ab cdefgh', 3)).toEqual(['ab', 'cde', 'fgh']);
  expect(wrapText('界界界', 3)).toEqual(['界', '界', '界']);
  expect(wrapText('界界', 1)).toEqual(['界', '界']);
  expect(wrapText('', 5)).toEqual(['']);
});

/** Milliseconds of the quickest of three. */
function quickest(work: () => unknown): number {
  return Math.min(
    ...[1, 2, 3].map(() => {
      const start = performance.now();
      work();
      return performance.now() - start;
    }),
  );
}

it.each([
  ['a long word', (n: number) => wrapText('x'.repeat(n), 80)],
  ['a wide one', (n: number) => wrapText('界'.repeat(n), 80)],
  ['a trace line of blanks', (n: number) => parseLine(' '.repeat(n))],
  ['a rule of braces', (n: number) => nftClauses('{ '.repeat(n))],
  ['a rule of words', (n: number) => nftClauses('x '.repeat(n))],
] as const)('takes no more than its length asks for: %s', (_, work) => {
  const [short, long] = [4000, 64_000].map((n) => quickest(() => work(n)));
  // Sixteen times as long; the square would be 256 times.
  expect(long! / Math.max(short!, 0.2)).toBeLessThan(100);
});
