import fc from 'fast-check';
import { expect, test } from 'vitest';
import { split, wordAtCursor } from '../../src/repl/parse.ts';

const words = (line: string) => split(line).map(({ text }) => text);

test('splits as a shell does, and nothing more', () => {
  expect(words(' check  web to  1.1.1.1:80 ')).toEqual(['check', 'web', 'to', '1.1.1.1:80']);
  expect(words(`save 'my report.md' "a b"c d\\ e`)).toEqual(['save', 'my report.md', 'a bc', 'd e']);
  expect(words('set x $HOME; rm *')).toEqual(['set', 'x', '$HOME;', 'rm', '*']);
});

test('knows where each word stands', () => {
  expect(split('check  web')).toMatchObject([
    { start: 0, end: 5 },
    { start: 7, end: 10 },
  ]);
});

test('finds the word at the cursor, an empty one after a blank', () => {
  expect(wordAtCursor('check we')).toMatchObject({ done: ['check'], word: { text: 'we', start: 6 } });
  expect(wordAtCursor('check ')).toMatchObject({ done: ['check'], word: { text: '', start: 6 } });
  expect(wordAtCursor("check 'we b")).toMatchObject({ done: ['check'], word: { text: 'we b', open: true } });
  expect(wordAtCursor('')).toMatchObject({ done: [], word: { text: '', start: 0 } });
});

test('no line is too strange', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (line) => {
      for (const word of split(line)) {
        expect(word.start).toBeLessThan(word.end);
        expect(word.end).toBeLessThanOrEqual(line.length);
      }
    }),
  );
});
