/** The picker: everything that can be a target, filtered as one types. */
import type { Candidate } from '../../model/target.ts';
import { type Line, row } from '../../output/line/span.ts';
import { candidateLines } from '../../output/picture/candidates.ts';
import { lineOf } from '../editor.ts';
import { filtered } from '../on-picker.ts';
import type { State } from '../state.ts';
import { windowAt } from './menu.ts';

/** On fewer rows the list needs all of them. */
const TITLED = 8;

export function pickerLines(state: State, rows: number): Line[] {
  const { picker } = state;
  if (picker === null || rows < 1) return [];
  const shown = filtered(picker.candidates, lineOf(state.editor));
  if (shown.length === 0) {
    const text =
      picker.candidates.length === 0 ? 'No container or named network namespace is here.' : 'Nothing fits.';
    return [row(`  ${text}`, 'dim')];
  }
  const titled = rows > TITLED ? [row('What shall be diagnosed?', 'strong')] : [];
  return [...titled, ...window(state, shown, rows - titled.length)];
}

function window({ picker, glyphs, size }: State, shown: readonly Candidate[], rows: number): Line[] {
  const index = picker!.index;
  const fits = shown.length <= rows ? shown.length : Math.max(1, rows - 1);
  const first = windowAt(index, shown.length, fits);
  const lines = candidateLines(shown, size.columns - 1, glyphs, index).slice(first, first + fits);
  const hidden = shown.length - fits;
  return hidden > 0 && rows > 1 ? [...lines, row(`  ${glyphs.more} ${hidden} more`, 'dim')] : lines;
}
