/** Keys, by what is open: the picker, the search, the menu, or the line alone. */
import { type Action, bindingOf } from './bindings.ts';
import { complete, sharedStart, written } from './complete.ts';
import { type Edit, edit, emptyEditor, insert, lineOf, setLine } from './editor.ts';
import { ghostOf, namesOf } from './ghost.ts';
import { remember, startWalk, step as walkStep } from './history.ts';
import type { Key } from './keys.ts';
import { onPickerKey } from './on-picker.ts';
import { onSearchKey, openSearch } from './on-search.ts';
import { wordAtCursor } from './parse.ts';
import { commands } from './registry.ts';
import { type State, type Step, step } from './state.ts';

const typing = (state: State, editor: State['editor']): Step =>
  step({ ...state, editor, walk: null, menu: null });

function walk(state: State, direction: 'older' | 'newer'): Step {
  const { editor, history } = state;
  const from = state.walk ?? startWalk(history, lineOf(editor), editor.before);
  const found = walkStep(history, from, direction);
  if (found === null) return step(state);
  return step({ ...state, walk: found.walk, menu: null, editor: setLine(editor, found.line) });
}

/** Writes a choice in the place of the word under the cursor. */
function put(state: State, start: number, text: string, after: string): State['editor'] {
  const rest = state.editor.after;
  const line = state.editor.before.slice(0, start) + text + after;
  return setLine(state.editor, line + rest, line.length);
}

function tab(state: State, by: 1 | -1): Step {
  if (state.menu !== null && state.menu.choices.length > 1) {
    const { choices, start } = state.menu;
    const from = state.menu.index === -1 && by === -1 ? 0 : state.menu.index;
    const index = (from + by + choices.length) % choices.length;
    return step({
      ...state,
      menu: { ...state.menu, index },
      editor: put(state, start, written(choices[index]!.text), ''),
    });
  }
  const { before } = state.editor;
  const found = complete(before, commands, namesOf(state));
  const typed = wordAtCursor(before).word.text;
  const [only, other] = found.choices;
  const looked = { type: 'look-around' } as const;
  if (!only) return step({ ...state, notice: 'Nothing completes this.' }, looked);
  if (!other)
    return step({ ...state, menu: null, editor: put(state, found.start, written(only.text), ' ') }, looked);
  const shared = sharedStart(found.choices);
  const editor = shared.length > typed.length ? put(state, found.start, shared, '') : state.editor;
  return step({ ...state, editor, menu: { ...found, index: -1, typed } }, looked);
}

function enter(state: State): Step {
  const line = lineOf(state.editor);
  if (line.trim() === '') return step({ ...state, menu: null });
  const history = remember(state.history, line);
  const editor = { ...emptyEditor, kills: state.editor.kills };
  const cleared = { ...state, history, editor, walk: null, menu: null };
  const keep = { type: 'keep-history', history } as const;
  // Typed ahead: it waits its turn.
  if (state.run !== null || state.busy !== null)
    return step({ ...cleared, queue: [...state.queue, line] }, keep);
  return step({ ...cleared, busy: line, elapsed: 0 }, keep, { type: 'carry-out', line });
}

function interrupt(state: State): Step {
  if (state.interrupted) return step({ ...state, left: true }, { type: 'stop' });
  const warned = { ...state, interrupted: true, queue: [], notice: 'Ctrl-C again leaves netdoctor.' };
  if (state.run !== null || state.busy !== null) return step(warned, { type: 'stop' });
  return step({ ...warned, editor: setLine(state.editor, ''), menu: null, walk: null });
}

function close(state: State): Step {
  if (state.menu !== null) return step({ ...state, menu: null });
  return typing(state, setLine(state.editor, ''));
}

/** Right and End take the grey text, where the cursor stands before it. */
function takesGhost(state: State, action: Action): string {
  return (action === 'right' || action === 'end') && state.editor.after === '' ? ghostOf(state) : '';
}

function act(state: State, action: Action): Step {
  switch (action) {
    case 'enter':
      return enter(state);
    case 'complete':
      return tab(state, 1);
    case 'complete-back':
      return state.menu === null ? step(state) : tab(state, -1);
    case 'older':
    case 'newer':
      return walk(state, action);
    case 'search':
      return step(openSearch(state));
    case 'escape':
      return close(state);
    case 'interrupt':
      return interrupt(state);
    case 'end-of-input':
      if (lineOf(state.editor) !== '') return typing(state, edit(state.editor, 'delete'));
      return step({ ...state, left: true }, { type: 'stop' });
    case 'suspend':
      return step(state, { type: 'suspend' });
    case 'redraw':
      return step(state, { type: 'clear-screen' });
    case 'help':
      return enter({ ...state, editor: setLine(state.editor, 'help') });
    default: {
      const taken = takesGhost(state, action);
      if (taken !== '') return typing(state, insert(state.editor, taken));
      return typing(state, edit(state.editor, action satisfies Edit));
    }
  }
}

/** What a key does to the conversation. */
export function onKey(before: State, key: Key): Step {
  const state = { ...before, notice: null };
  const binding = key.type === 'key' ? bindingOf(key.name) : bindingOf(key.text);
  if (binding?.action !== 'interrupt') state.interrupted = false;
  // The field reads its own text; here it is left only.
  if (state.field !== null) {
    const away =
      binding?.action === 'escape' || binding?.action === 'interrupt' || binding?.action === 'end-of-input';
    return away ? step({ ...state, field: null }, { type: 'answer', text: '' }) : step(state);
  }
  if (state.picker !== null) return onPickerKey(state, state.picker, key, binding?.action);
  if (state.search !== null) {
    const searched = onSearchKey(state, state.search, key, binding?.action);
    // Any other key takes the line that was found, and then does what it always does.
    if (searched.done) return searched.step;
    return onKey(searched.step.state, key);
  }
  if (binding?.onEmptyLine && (lineOf(state.editor) !== '' || state.busy !== null || state.run !== null)) {
    return key.type === 'text' ? typing(state, insert(state.editor, key.text)) : step(state);
  }
  if (binding && (key.type === 'key' || binding.onEmptyLine)) return act(state, binding.action);
  return key.type === 'text' ? typing(state, insert(state.editor, key.text)) : step(state);
}
