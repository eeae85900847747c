/** A terminal's rows as a picture that scales: SVG 1.1, one text element a row. */
import type { Stretch } from '../screen/terminal.ts';

const CELL = { width: 8.4, height: 19 } as const;
const PADDING = 16;
const PAPER = '#11151c';
const INK = '#d5dae3';
/** The colours that netdoctor draws with, by their number. */
const COLOURS: Readonly<Record<number, string>> = {
  1: '#ff6b68',
  2: '#7fd88f',
  3: '#e8c26a',
  6: '#6cc7d9',
};

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

function stretchSvg(stretch: Stretch, column: number): string {
  const looks = [
    `fill="${stretch.colour === null ? INK : (COLOURS[stretch.colour] ?? INK)}"`,
    ...(stretch.bold ? ['font-weight="bold"'] : []),
    ...(stretch.dim ? ['fill-opacity="0.6"'] : []),
    ...(stretch.underline ? ['text-decoration="underline"'] : []),
  ];
  const x = (PADDING + column * CELL.width).toFixed(1);
  // Every font has its own idea of a cell: the text is told how wide it is.
  const width = (stretch.text.length * CELL.width).toFixed(1);
  return `<tspan x="${x}" textLength="${width}" ${looks.join(' ')}>${escaped(stretch.text)}</tspan>`;
}

const textAt = (row: number, line: string): string =>
  `<text y="${PADDING + (row + 1) * CELL.height - 5}">${line}</text>`;

/** Rows from the top of the terminal, without what is blank at their ends and below them. */
export function svgOf(rows: readonly (readonly Stretch[])[], columns: number, title: string): string {
  const lines = rows.map(rowSvg);
  while (lines.at(-1) === '') lines.pop();
  const width = Math.round(columns * CELL.width + 2 * PADDING);
  const height = lines.length * CELL.height + 2 * PADDING;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<title>${escaped(title)}</title>
<rect width="${width}" height="${height}" rx="8" fill="${PAPER}"/>
<g font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="14">
${lines.flatMap((line, at) => (line === '' ? [] : [textAt(at, line)])).join('\n')}
</g>
</svg>
`;
}

/** What stands between wider gaps is placed by itself: not every viewer keeps blanks. */
const WORDS = /\S+(?: \S+)*/g;

function rowSvg(row: readonly Stretch[]): string {
  let column = 0;
  const parts: string[] = [];
  for (const stretch of row) {
    for (const { 0: text, index } of stretch.text.matchAll(WORDS))
      parts.push(stretchSvg({ ...stretch, text }, column + index));
    column += stretch.text.length;
  }
  return parts.join('');
}
