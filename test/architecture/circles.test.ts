import { expect, it } from 'vitest';
import { circles } from './circles.ts';

/** `a: b c` is a that names b and c. */
const graph = (...lines: string[]): Map<string, string[]> =>
  new Map(
    lines.map((line) => {
      const [one, names] = line.split(': ') as [string, string];
      return [one, names.split(' ').filter((name) => name !== '')];
    }),
  );

it('finds none where everything leads down, by whatever ways', () => {
  expect(circles(graph('a: b c', 'b: d', 'c: d', 'd: '))).toEqual([]);
});

it('names two files that import each other', () => {
  expect(circles(graph('a: b', 'b: a'))).toEqual([['a', 'b']]);
});

it('names a long circle whole, and nothing that only leads to it or away from it', () => {
  expect(circles(graph('in: c', 'c: b', 'b: a out', 'a: c', 'out: '))).toEqual([['a', 'b', 'c']]);
});

it('takes circles that share a file for one', () => {
  expect(circles(graph('a: b c', 'b: a', 'c: a'))).toEqual([['a', 'b', 'c']]);
});

it('keeps two circles apart where the way is one way', () => {
  expect(circles(graph('a: b', 'b: a c', 'c: d', 'd: c'))).toEqual([
    ['c', 'd'],
    ['a', 'b'],
  ]);
});

it('names a file that imports itself', () => {
  expect(circles(graph('a: a b', 'b: '))).toEqual([['a']]);
});
