/** Ctrl-R: the newest line that contains what is typed. */

import { graphemes } from '../output/line/width.ts';
import type { Action } from './bindings.ts';
import { lineOf, setLine } from './editor.ts';
import { search } from './history.ts';
import type { Key } from './keys.ts';
import { type Search, type State, type Step, step } from './state.ts';

export const openSearch = (state: State): State => ({
  ...state,
  menu: null,
  walk: null,
  search: { query: '', found: null, draft: lineOf(state.editor) },
});

function shown(state: State, searching: Search): State {
  const line = searching.found === null ? null : state.history.lines[searching.found];
  return { ...state, search: searching, editor: line ? setLine(state.editor, line) : state.editor };
}

/** `done: false`: the search is over, and the key is still to be carried out. */
export function onSearchKey(
  state: State,
  searching: Search,
  key: Key,
  action: Action | undefined,
): { done: boolean; step: Step } {
  const { query, found } = searching;
  const look = (text: string, before?: number): Step => {
    const index = search(state.history, text, before);
    // Nothing older: what was found stays.
    return step(
      shown(state, { ...searching, query: text, found: index ?? (before === undefined ? null : found) }),
    );
  };
  if (key.type === 'text') return { done: true, step: look(query + key.text) };
  if (action === 'search') return { done: true, step: look(query, found ?? undefined) };
  if (action === 'backspace') return { done: true, step: look(graphemes(query).slice(0, -1).join('')) };
  if (action === 'escape' || action === 'interrupt') {
    return {
      done: true,
      step: step({ ...state, search: null, editor: setLine(state.editor, searching.draft) }),
    };
  }
  return { done: false, step: step({ ...state, search: null }) };
}
