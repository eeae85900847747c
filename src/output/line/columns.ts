import { widthOf } from './width.ts';
import { wrapText } from './wrap.ts';

const BETWEEN = 3;
/** Cells the last column needs at least, unless all of it is narrower. */
const LEAST = 24;

/**
 * Rows of cells under one another, each column as wide as its widest cell; the last one is wrapped into what is left.
 * On a screen too narrow for that, every cell after the first goes on a line of its own, indented.
 */
export function columnsOf(rows: readonly (readonly string[])[], columns: number): string[] {
  const used = (rows[0] ?? []).map((_, at) => at).filter((at) => rows.some((row) => row[at]));
  const table = rows.map((row) => used.map((at) => row[at] ?? ''));
  const widths = used.map((_, at) => Math.max(...table.map((row) => widthOf(row[at]!))));
  const last = widths.pop() ?? 0;
  const indent = widths.reduce((sum, width) => sum + width + BETWEEN, 0);
  const room = columns - indent;
  if (room < Math.min(last, LEAST))
    return table.flatMap(([first = '', ...rest]) => [first, ...stacked(rest, columns)]);
  return table.flatMap((row) => {
    const [end = '', ...more] = wrapText(row.at(-1)!, room);
    const start = widths
      .map((width, at) => row[at]! + ' '.repeat(width - widthOf(row[at]!) + BETWEEN))
      .join('');
    return [(start + end).trimEnd(), ...more.map((text) => ' '.repeat(indent) + text)];
  });
}

const stacked = (cells: readonly string[], columns: number): string[] =>
  cells.filter(Boolean).flatMap((cell) => wrapText(cell, columns - 4).map((text) => `    ${text}`));
