import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Stretch } from '../screen/terminal.ts';
import { screenPicture } from './screen-picture.ts';
import { svgOf } from './svg.ts';

const docs = join(import.meta.dirname, '../../docs');

it('is the screen of today (npm run reference draws it anew)', async () => {
  expect(await screenPicture()).toBe(readFileSync(join(docs, 'screen.svg'), 'utf8'));
});

it('stands at the top of the README', () => {
  const top = readFileSync(join(docs, '../README.md'), 'utf8').split('\n').slice(0, 20).join('\n');
  expect(top).toContain('](docs/screen.svg)');
});

const plain = { colour: null, bold: false, dim: false, underline: false };
const row = (...stretches: (Partial<Stretch> & { text: string })[]): Stretch[] =>
  stretches.map((stretch) => ({ ...plain, ...stretch }));

it('keeps every stretch at its column, in its colour and weight, and no blanks at the end', () => {
  const svg = svgOf(
    [row({ text: '  ' }, { text: '✗ no ', colour: 1, bold: true }), row({ text: '   ' })],
    9,
    'x',
  );
  expect(svg).toContain('<tspan x="32.8" textLength="33.6" fill="#ff6b68" font-weight="bold">✗ no</tspan>');
  expect(svg.match(/<text /g)).toHaveLength(1);
});

it('says nothing that is markup', () => {
  expect(svgOf([row({ text: 'a <b> & c' })], 9, '<x>')).toMatch(/<title>&lt;x&gt;.*a &lt;b&gt; &amp; c</s);
});
