import { shellLine } from '../../words/text.ts';
import { widthOf } from './width.ts';

/**
 * A command in rows of at most `columns` cells, continued as a shell does it, so that it can still be copied. A word
 * that is longer by itself stands alone, and is not broken.
 */
export function commandRows(argv: readonly string[], columns: number, indent = 0): string[] {
  const rows: string[] = [];
  let row = ' '.repeat(indent);
  let empty = true;
  for (const word of argv.map((one) => shellLine([one]))) {
    // The backslash of the continuation takes two cells.
    if (!empty && widthOf(row) + 1 + widthOf(word) + 2 > columns) {
      rows.push(`${row} \\`);
      row = ' '.repeat(indent + 2);
      empty = true;
    }
    row = empty ? row + word : `${row} ${word}`;
    empty = false;
  }
  return [...rows, row];
}
