/**
 * The line being typed, and where the cursor stands in it:
 *
 *   netdoctor web ▸ check to 1.1.1.1
 */

import { type Line, type Span, span } from '../../output/line/span.ts';
import { cell, fitting, graphemes, widthOf } from '../../output/line/width.ts';
import { plain } from '../../words/text.ts';
import { wrongWord } from '../complete.ts';
import { lineOf } from '../editor.ts';
import { ghostOf } from '../ghost.ts';
import { commands } from '../registry.ts';
import type { State } from '../state.ts';

export interface Prompt {
  readonly line: Line;
  /** Column of the cursor, from 0. */
  readonly cursor: number;
}

/** The label before the line; a long target name gives way to the room for typing. */
export function promptLabel({ target, glyphs, size }: Pick<State, 'target' | 'glyphs' | 'size'>): Line {
  const mark = span(`${glyphs.prompt} `, 'accent');
  const room = Math.floor(size.columns / 2);
  const name = target === null ? '' : plain(target);
  if (name === '') return [span('netdoctor '), mark];
  const whole = `netdoctor ${name} `;
  if (widthOf(whole) + 2 <= room) return [span('netdoctor '), span(name, 'strong'), span(' '), mark];
  return [
    span(cell(name, Math.min(widthOf(name), Math.max(1, room - 3)), glyphs.more), 'strong'),
    span(' '),
    mark,
  ];
}

function searchLabel(state: State): Line {
  const { query, found } = state.search!;
  const lead = found === null && query !== '' ? 'not found' : 'search';
  return [
    span(`${lead} `, found === null && query !== '' ? 'warn' : 'dim'),
    span(`'${plain(query)}'`),
    span(': ', 'dim'),
  ];
}

/** The typed text, its wrong word underlined. */
function typed(state: State): Span[] {
  const line = lineOf(state.editor);
  const word = state.picker === null ? wrongWord(line, commands) : null;
  if (!word) return [span(line)];
  return [
    span(line.slice(0, word.start)),
    span(line.slice(word.start, word.end), 'wrong'),
    span(line.slice(word.end)),
  ];
}

/** The part of the spans between two columns; a wide character cut in two is left out. */
function slice(spans: readonly Span[], from: number, to: number): Span[] {
  let column = 0;
  return spans.map(({ text, tone }) => {
    let kept = '';
    for (const grapheme of graphemes(text)) {
      const width = widthOf(grapheme);
      if (column >= from && column + width <= to) kept += grapheme;
      column += width;
    }
    return span(kept, tone);
  });
}

/** Draws the prompt into `columns`; a longer line scrolls sideways so that the cursor stays in sight. */
export function drawPrompt(state: State): Prompt {
  const columns = state.size.columns - 1;
  const label =
    state.picker !== null
      ? [span('filter ', 'dim'), span(`${state.glyphs.prompt} `, 'accent')]
      : state.search
        ? searchLabel(state)
        : promptLabel(state);
  const shown = widthOf(fitting(label.map(({ text }) => text).join(''), columns - 2));
  const room = Math.max(2, columns - shown);
  const at = widthOf(state.editor.before);
  // Scrolled by half a window at a time: a shift with every key would redraw the whole line.
  const step = Math.max(1, Math.floor(room / 2));
  const from = at < room ? 0 : Math.ceil((at - room + 1) / step) * step;
  const spans = [...typed(state), span(state.picker === null ? plain(ghostOf(state)) : '', 'dim')];
  const visible = slice(spans, from, from + room);
  return { line: [...slice(label, 0, shown), ...visible], cursor: shown + Math.min(at - from, room) };
}
