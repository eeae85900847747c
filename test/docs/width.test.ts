/** The docs are written to be read: prose in lines of one width, and cells that a table can hold. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { WIDTH } from '../reference/markdown.ts';

const root = join(import.meta.dirname, '../..');
const files = [
  'README.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

/** Characters of the longest cell. */
const CELL = 180;

describe.each(files)('%s', (file) => {
  const text = readFileSync(join(root, file), 'utf8').replace(/^```.*?^```$/gms, '');
  const lines = text.split('\n');

  it('has no line of prose that is wider than the others', () => {
    const prose = lines.filter((line) => !/^(\||<| {4})/.test(line));
    expect(prose.filter((line) => line.length > WIDTH && line.trim().includes(' '))).toEqual([]);
  });

  it('has no cell that nobody would read', () => {
    const cells = lines.filter((line) => line.startsWith('|')).flatMap((line) => line.split(/(?<!\\)\|/));
    expect(cells.map((cell) => cell.trim()).filter((cell) => cell.length > CELL)).toEqual([]);
  });
});

it('has one page for whoever reads for the first time', () => {
  expect(readFileSync(join(root, 'README.md'), 'utf8').split('\n').length - 1).toBeLessThanOrEqual(120);
});
