/** The choices of Tab, as a list with what each one is. */
import type { Glyphs } from '../../output/glyphs.ts';
import { type Line, span } from '../../output/line/span.ts';
import { cell, cut, widthOf } from '../../output/line/width.ts';
import type { Menu } from '../state.ts';

/** First index of a window of `rows` that shows `index`. */
export const windowAt = (index: number, total: number, rows: number): number =>
  Math.max(0, Math.min(index - Math.floor(rows / 2), total - rows));

export function menuLines(menu: Menu, columns: number, rows: number, glyphs: Glyphs): Line[] {
  const { choices, index } = menu;
  if (rows < 1) return [];
  const fits = choices.length <= rows ? choices.length : Math.max(1, rows - 1);
  const first = windowAt(Math.max(0, index), choices.length, fits);
  const wide = Math.min(Math.max(...choices.map(({ text }) => widthOf(text))), Math.floor(columns * 0.6));
  const lines = choices.slice(first, first + fits).map(({ text, about }, offset): Line => {
    const chosen = first + offset === index;
    const mark = chosen ? span(`  ${glyphs.chosen} `, 'accent') : span('    ');
    return cut(
      [mark, span(cell(text, wide), chosen ? 'strong' : 'plain'), span(`  ${about}`, 'dim')],
      columns,
      glyphs.more,
    );
  });
  const hidden = choices.length - fits;
  return hidden > 0 && rows > 1 ? [...lines, [span(`    ${glyphs.more} ${hidden} more`, 'dim')]] : lines;
}
