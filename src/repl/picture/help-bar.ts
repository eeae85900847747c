/** The keys worth knowing now, in one row. */

import { type Line, type Span, span } from '../../output/line/span.ts';
import { widthOf } from '../../output/line/width.ts';
import type { Action } from '../bindings.ts';
import { bindings, keyName } from '../bindings.ts';
import { lineOf } from '../editor.ts';
import type { State } from '../state.ts';

function offered(state: State): readonly (readonly [Action, string?])[] {
  if (state.picker) return [['older'], ['newer', 'choose'], ['enter', 'diagnose'], ['escape', 'prompt']];
  if (state.search)
    return [
      ['search', 'further back'],
      ['enter', 'run'],
      ['escape', 'cancel'],
    ];
  if (state.run || state.busy) return [['interrupt', 'stop']];
  if (state.menu)
    return [
      ['complete', 'next'],
      ['complete-back', 'back'],
      ['escape', 'close'],
    ];
  if (lineOf(state.editor) !== '')
    return [
      ['complete', 'complete'],
      ['older', 'history'],
      ['interrupt', 'clear'],
    ];
  return [
    ['help', 'help'],
    ['complete', 'commands'],
    ['older', 'history'],
    ['end-of-input', 'leave'],
  ];
}

export function helpBar(state: State, columns: number): Line {
  const spans: Span[] = [];
  let used = 0;
  for (const [action, word] of offered(state)) {
    const binding = bindings.find((each) => each.action === action);
    if (!binding) continue;
    const key = keyName(binding.keys[0]!, state.glyphs.ascii);
    const text = word === undefined ? key : `${key} ${word}`;
    used += widthOf(text) + 3;
    if (used - 3 > columns) break;
    spans.push(span(key), span(word === undefined ? ' ' : ` ${word}   `, 'dim'));
  }
  const last = spans.pop();
  return last ? [...spans, span(last.text.trimEnd(), last.tone)] : spans;
}
