import { expect, test } from 'vitest';
import { median, pairedRatio, quantile } from '../../bench/figures.ts';
import { atMost } from '../../bench/part.ts';
import { markdown, text } from '../../bench/table.ts';

test('a median is the middle, or lies between the two in the middle', () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([4, 1, 2, 100])).toBe(3);
});

test('a quantile is a value that was measured', () => {
  const values = Array.from({ length: 20 }, (_, index) => index + 1);
  expect(quantile(values, 0.95)).toBe(19);
  expect(quantile([7], 0.95)).toBe(7);
});

test('a ratio is taken of pairs, so that a machine that slows down under way does not matter', () => {
  expect(pairedRatio([1, 2, 40], [2, 4, 80])).toBe(0.5);
});

test('an aim that is missed is said so, in text and in the docs', () => {
  const rows = [
    { what: 'ratio', got: '0.70', aim: atMost(0.5, 0.7) },
    { what: 'share', got: '0.40', aim: atMost(0.5, 0.4) },
  ];
  expect(text(rows)).toBe('  ratio  0.70  at most 0.5: NO\n  share  0.40  at most 0.5: yes');
  const part = { title: 'A part', how: 'By measuring.', measure: async () => rows };
  expect(markdown([{ part, rows }])).toContain('## A part\n\nBy measuring.\n\n| what | measured | aim |');
  expect(markdown([{ part, rows }])).toContain('| ratio | 0.70 | at most 0.5: NO |');
});
