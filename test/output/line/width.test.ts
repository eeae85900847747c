import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { span, textOf } from '../../../src/output/line/span.ts';
import { cell, cut, fitting, isNarrow, lineWidth, widthOf } from '../../../src/output/line/width.ts';
import { paragraph, wrapText } from '../../../src/output/line/wrap.ts';

test('measures cells, not code units', () => {
  expect(widthOf('漢字')).toBe(4);
  expect(widthOf('👩‍👩‍👧')).toBe(2);
  expect(widthOf('e\u0301')).toBe(1);
});

test('never cuts a character in two', () => {
  expect(fitting('漢字', 3)).toBe('漢');
  expect(cell('漢字', 3)).toBe('漢…');
  expect(cell('👩‍👩‍👧x', 2)).toBe('… ');
  expect(cell('ab', 4)).toBe('ab  ');
});

test('marks a row that was cut, and leaves one that fits', () => {
  const line = [span('hello '), span('world', 'bad')];
  expect(cut(line, 11)).toBe(line);
  expect(textOf(cut(line, 8))).toBe('hello w…');
  for (let columns = 1; columns < 12; columns += 1) {
    expect(lineWidth(cut(line, columns))).toBeLessThanOrEqual(columns);
  }
});

test('wraps between words, and inside one only where it must', () => {
  expect(wrapText('one two three', 7)).toEqual(['one two', 'three']);
  expect(wrapText('abcdefghij', 4)).toEqual(['abcd', 'efgh', 'ij']);
  expect(wrapText('漢字', 1)).toEqual(['漢', '字']);
  expect(wrapText('', 10)).toEqual(['']);
});

test('hangs a paragraph behind its label', () => {
  expect(paragraph('  why  ', 'one two three', 14).map(textOf)).toEqual(['  why  one two', '       three']);
});

test('what is taken for narrow is one grapheme of one cell, to those who know', () => {
  const narrow = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code)).filter(isNarrow);
  expect(narrow.length).toBeGreaterThan(1000);
  expect(narrow.filter((one) => stringWidth(one) !== 1)).toEqual([]);
  const all = narrow.join('');
  expect([...new Intl.Segmenter().segment(all)].map(({ segment }) => segment)).toEqual(narrow);
  expect(['👍', '漢', 'e\u0301', '1\u20e3', '☎\ufe0f', '\u001b[1m', '\t'].filter(isNarrow)).toEqual([]);
});
