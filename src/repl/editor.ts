/** The line being typed: a pure reducer over editing actions. Positions are always between graphemes. */
import { graphemes } from '../output/line/width.ts';

export interface Editor {
  readonly before: string;
  readonly after: string;
  /** Texts cut, the newest last. */
  readonly kills: readonly string[];
  /** What the last action was, where the next one depends on it: kills join, and Alt-Y replaces a yank. */
  readonly last: 'kill' | 'yank' | null;
  readonly undo: readonly { readonly before: string; readonly after: string }[];
}

export const emptyEditor: Editor = { before: '', after: '', kills: [], last: null, undo: [] };

export const lineOf = (editor: Editor): string => editor.before + editor.after;

export type Edit =
  | 'backspace'
  | 'delete'
  | 'left'
  | 'right'
  | 'word-left'
  | 'word-right'
  | 'start'
  | 'end'
  | 'kill-to-end'
  | 'kill-to-start'
  | 'kill-word-left'
  | 'kill-word-right'
  | 'kill-blank-word-left'
  | 'yank'
  | 'yank-older'
  | 'transpose'
  | 'undo';

const KILLS_KEPT = 20;
const UNDOS_KEPT = 100;
/** A line longer than this is no line any more. */
const LONGEST = 4096;

/** Splits at a grapheme boundary: typed characters can join (a base and its accent, two flags' halves). */
function at(text: string, offset: number): { before: string; after: string } {
  let end = 0;
  for (const grapheme of graphemes(text)) {
    if (end >= offset) break;
    end += grapheme.length;
  }
  return { before: text.slice(0, end), after: text.slice(end) };
}

/** Replaces the line; the cursor stands at `offset` or at its end. */
export function setLine(editor: Editor, text: string, offset = text.length): Editor {
  const line = text.slice(0, LONGEST);
  return changed(editor, at(line, Math.min(offset, line.length)));
}

export function insert(editor: Editor, text: string): Editor {
  const line = (editor.before + text + editor.after).slice(0, LONGEST);
  return changed(editor, at(line, Math.min(editor.before.length + text.length, line.length)));
}

function changed(
  editor: Editor,
  parts: { before: string; after: string },
  last: Editor['last'] = null,
): Editor {
  const same = parts.before + parts.after === lineOf(editor);
  const undo = same
    ? editor.undo
    : [...editor.undo.slice(1 - UNDOS_KEPT), { before: editor.before, after: editor.after }];
  return { ...editor, ...parts, undo, last };
}

const LEFT_WORD = /[\p{L}\p{N}_]*[^\p{L}\p{N}_]*$/u;
const RIGHT_WORD = /^[^\p{L}\p{N}_]*[\p{L}\p{N}_]*/u;
const LEFT_BLANK_WORD = /\S*\s*$/u;

/** Length of the readline word before or after the cursor. */
const reach = (text: string, pattern: RegExp): number => pattern.exec(text)?.[0].length ?? 0;

const move = (editor: Editor, offset: number): Editor => ({
  ...editor,
  ...at(lineOf(editor), offset),
  last: null,
});

function kill(editor: Editor, from: number, to: number): Editor {
  const line = lineOf(editor);
  const text = line.slice(from, to);
  if (text === '') return { ...editor, last: null };
  const joins = editor.last === 'kill' && editor.kills.length > 0;
  const newest = editor.kills.at(-1) ?? '';
  const joined = from < editor.before.length ? text + newest : newest + text;
  const kills = joins ? [...editor.kills.slice(0, -1), joined] : [...editor.kills, text].slice(-KILLS_KEPT);
  return { ...changed(editor, at(line.slice(0, from) + line.slice(to), from), 'kill'), kills };
}

function yankOlder(editor: Editor): Editor {
  const newest = editor.kills.at(-1);
  if (editor.last !== 'yank' || newest === undefined || !editor.before.endsWith(newest)) return editor;
  const kills = [newest, ...editor.kills.slice(0, -1)];
  const before = editor.before.slice(0, editor.before.length - newest.length);
  return { ...yank({ ...editor, kills, before }), kills };
}

function yank(editor: Editor): Editor {
  const text = editor.kills.at(-1) ?? '';
  return { ...insert(editor, text), last: text === '' ? null : 'yank' };
}

function transpose(editor: Editor): Editor {
  const left = graphemes(editor.before);
  const right = graphemes(editor.after);
  if (right.length > 0) left.push(right.shift()!);
  if (left.length < 2) return editor;
  const [first, second] = left.slice(-2) as [string, string];
  const before = left.slice(0, -2).join('') + second + first;
  return changed(editor, at(before + right.join(''), before.length));
}

/** Carries out one editing action; what cannot be done leaves the line as it is. */
export function edit(editor: Editor, action: Edit): Editor {
  const { before, after } = editor;
  const here = before.length;
  const whole = here + after.length;
  const previous = here - (graphemes(before).at(-1)?.length ?? 0);
  const next = here + (graphemes(after)[0]?.length ?? 0);
  switch (action) {
    case 'left':
      return move(editor, previous);
    case 'right':
      return move(editor, next);
    case 'start':
      return move(editor, 0);
    case 'end':
      return move(editor, whole);
    case 'word-left':
      return move(editor, here - reach(before, LEFT_WORD));
    case 'word-right':
      return move(editor, here + reach(after, RIGHT_WORD));
    case 'backspace':
      return changed(editor, at(before.slice(0, previous) + after, previous));
    case 'delete':
      return changed(editor, at(before + after.slice(next - here), here));
    case 'kill-to-end':
      return kill(editor, here, whole);
    case 'kill-to-start':
      return kill(editor, 0, here);
    case 'kill-word-left':
      return kill(editor, here - reach(before, LEFT_WORD), here);
    case 'kill-word-right':
      return kill(editor, here, here + reach(after, RIGHT_WORD));
    case 'kill-blank-word-left':
      return kill(editor, here - reach(before, LEFT_BLANK_WORD), here);
    case 'yank':
      return yank(editor);
    case 'yank-older':
      return yankOlder(editor);
    case 'transpose':
      return transpose(editor);
    case 'undo': {
      const state = editor.undo.at(-1);
      return state ? { ...editor, ...state, undo: editor.undo.slice(0, -1), last: null } : editor;
    }
  }
}
