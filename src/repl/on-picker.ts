/** The picker of a bare `netdoctor`: typing filters, arrows choose, Enter asks. */
import type { Candidate } from '../model/target.ts';
import type { Action } from './bindings.ts';
import { type Edit, edit, emptyEditor, insert, lineOf } from './editor.ts';
import type { Key } from './keys.ts';
import { type Picker, type State, type Step, step } from './state.ts';

const EDITS: readonly (Action | undefined)[] = [
  'backspace',
  'delete',
  'kill-to-start',
  'kill-blank-word-left',
];

/** Candidates that every typed word is found in: name, runtime, state, address or network. */
export function filtered(candidates: readonly Candidate[], typed: string): Candidate[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  return candidates.filter(({ name, runtime, state, addresses, networks, id }) => {
    const text = [name, runtime, state, ...addresses, ...networks, id ?? ''].join(' ').toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** A name that means one candidate only: with its runtime where two share the name. */
export const nameOf = (chosen: Candidate, all: readonly Candidate[]): string =>
  all.filter(({ name }) => name === chosen.name).length > 1
    ? `${chosen.runtime}:${chosen.name}`
    : chosen.name;

export function onPickerKey(state: State, picker: Picker, key: Key, action: Action | undefined): Step {
  const shown = filtered(picker.candidates, lineOf(state.editor));
  const to = (index: number): Step => step({ ...state, picker: { ...picker, index: Math.max(0, index) } });
  const filterBy = (editor: State['editor']): Step =>
    step({ ...state, editor, picker: { ...picker, index: 0 } });
  if (key.type === 'text') return filterBy(insert(state.editor, key.text));
  switch (action) {
    case 'older':
    case 'complete-back':
      return to(picker.index - 1);
    case 'newer':
    case 'complete':
      return to(Math.min(picker.index + 1, shown.length - 1));
    case 'enter': {
      const chosen = shown[picker.index];
      if (!chosen) return step({ ...state, notice: 'Nothing fits: Backspace widens the list.' });
      const target = nameOf(chosen, picker.candidates);
      const next = { ...state, picker: null, editor: emptyEditor, target, busy: 'check' };
      return step(next, { type: 'carry-out', line: `check ${target}` });
    }
    case 'escape':
      return step({ ...state, picker: null, editor: emptyEditor });
    case 'interrupt':
    case 'end-of-input':
      return step({ ...state, left: true });
    case 'suspend':
      return step(state, { type: 'suspend' });
    default:
      return EDITS.includes(action) ? filterBy(edit(state.editor, action as Edit)) : step(state);
  }
}
