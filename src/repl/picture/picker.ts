/** The picker: everything that can be a target, filtered as one types. */
import type { Candidate } from '../../model/target.ts';
import { plain } from '../../model/words.ts';
import { type Line, row, span } from '../../output/line/span.ts';
import { cell, cut, widthOf } from '../../output/line/width.ts';
import { lineOf } from '../editor.ts';
import { filtered } from '../on-picker.ts';
import type { State } from '../state.ts';
import { windowAt } from './menu.ts';

/** Widths of the columns: name, runtime, state. */
function widths(shown: readonly Candidate[]): { name: number; runtime: number; state: number } {
  const widest = (of: (one: Candidate) => string) =>
    Math.max(0, ...shown.map((one) => widthOf(plain(of(one)))));
  return {
    name: Math.min(
      32,
      widest(({ name }) => name),
    ),
    runtime: widest(({ runtime }) => runtime),
    state: widest(({ state }) => state),
  };
}

export function pickerLines(state: State, rows: number): Line[] {
  const { picker, glyphs, size } = state;
  if (picker === null || rows < 1) return [];
  const shown = filtered(picker.candidates, lineOf(state.editor));
  if (shown.length === 0) {
    const text =
      picker.candidates.length === 0 ? 'No container or namespace is running here.' : 'Nothing fits.';
    return [row(`  ${text}`, 'dim')];
  }
  const fits = shown.length <= rows ? shown.length : Math.max(1, rows - 1);
  const first = windowAt(picker.index, shown.length, fits);
  const wide = widths(shown);
  const lines = shown.slice(first, first + fits).map((one, offset): Line => {
    const chosen = first + offset === picker.index;
    return cut(
      [
        chosen ? span(`${glyphs.chosen} `, 'accent') : span('  '),
        span(cell(plain(one.name), wide.name, glyphs.more), chosen ? 'strong' : 'plain'),
        span(`  ${cell(plain(one.runtime), wide.runtime)}`, 'dim'),
        span(`  ${cell(plain(one.state), wide.state)}`, one.state === 'running' ? 'good' : 'dim'),
        span(`  ${one.addresses.map(plain).join(' ')}`),
      ],
      size.columns - 1,
      glyphs.more,
    );
  });
  const hidden = shown.length - fits;
  return hidden > 0 && rows > 1 ? [...lines, row(`  ${glyphs.more} ${hidden} more`, 'dim')] : lines;
}
