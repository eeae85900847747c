/** What the keys do. The help, the help bar and the documentation are made from this one table. */
import type { Edit } from './editor.ts';

export type Action =
  | Edit
  | 'enter'
  | 'complete'
  | 'complete-back'
  | 'older'
  | 'newer'
  | 'search'
  | 'escape'
  | 'interrupt'
  | 'end-of-input'
  | 'suspend'
  | 'redraw'
  | 'help';

export interface Binding {
  readonly action: Action;
  readonly keys: readonly string[];
  readonly does: string;
  /** A word or two for the short help; absent: not in it. */
  readonly short?: string;
  /** Only where nothing is typed yet. */
  readonly onEmptyLine?: boolean;
}

export const bindings: readonly Binding[] = [
  { action: 'help', keys: ['?'], does: 'shows the commands', onEmptyLine: true },
  {
    action: 'complete',
    keys: ['tab'],
    does: 'completes the word, or shows what could follow',
    short: 'completes',
  },
  { action: 'complete-back', keys: ['shift-tab'], does: 'goes back in the list of completions' },
  {
    action: 'older',
    keys: ['up', 'ctrl-p'],
    does: 'earlier line that begins like this one',
    short: 'earlier lines',
  },
  { action: 'newer', keys: ['down', 'ctrl-n'], does: 'later line that begins like this one' },
  {
    action: 'search',
    keys: ['ctrl-r'],
    does: 'searches the history; again: further back',
    short: 'searches them',
  },
  { action: 'escape', keys: ['escape', 'ctrl-g'], does: 'closes what is open, else clears the line' },
  {
    action: 'interrupt',
    keys: ['ctrl-c'],
    does: 'stops the run, else clears the line; twice: leaves',
    short: 'stops, twice leaves',
  },
  {
    action: 'end-of-input',
    keys: ['ctrl-d'],
    does: 'leaves when the line is empty, else deletes a character',
  },
  { action: 'suspend', keys: ['ctrl-z'], does: 'suspends netdoctor; `fg` brings it back' },
  { action: 'redraw', keys: ['ctrl-l'], does: 'clears the screen' },
  { action: 'enter', keys: ['enter'], does: 'carries out the line as typed' },
  {
    action: 'right',
    keys: ['right', 'ctrl-f'],
    does: 'one character right; at the end takes the grey text',
    short: 'takes the grey text',
  },
  { action: 'left', keys: ['left', 'ctrl-b'], does: 'one character left' },
  { action: 'start', keys: ['home', 'ctrl-a'], does: 'to the start of the line' },
  { action: 'end', keys: ['end', 'ctrl-e'], does: 'to the end of the line; at the end takes the grey text' },
  { action: 'word-left', keys: ['alt-b', 'ctrl-left', 'alt-left'], does: 'one word left' },
  { action: 'word-right', keys: ['alt-f', 'ctrl-right', 'alt-right'], does: 'one word right' },
  { action: 'backspace', keys: ['backspace', 'ctrl-h'], does: 'deletes the character before the cursor' },
  { action: 'delete', keys: ['delete'], does: 'deletes the character under the cursor' },
  { action: 'kill-to-end', keys: ['ctrl-k'], does: 'cuts to the end of the line' },
  { action: 'kill-to-start', keys: ['ctrl-u'], does: 'cuts to the start of the line' },
  { action: 'kill-blank-word-left', keys: ['ctrl-w'], does: 'cuts the word before the cursor' },
  { action: 'kill-word-left', keys: ['alt-backspace'], does: 'cuts back to the start of a word' },
  { action: 'kill-word-right', keys: ['alt-d'], does: 'cuts to the end of a word' },
  { action: 'yank', keys: ['ctrl-y'], does: 'puts back what was cut' },
  { action: 'yank-older', keys: ['alt-y'], does: 'after Ctrl-Y: puts back what was cut before that' },
  { action: 'transpose', keys: ['ctrl-t'], does: 'swaps two characters' },
  { action: 'undo', keys: ['ctrl-_'], does: 'takes back the last change of the line' },
];

const byKey = new Map(bindings.flatMap((binding) => binding.keys.map((key) => [key, binding] as const)));

/** What a key does, if anything. */
export const bindingOf = (key: string): Binding | undefined => byKey.get(key);

const NAMES: Record<string, string> = {
  tab: 'Tab',
  'shift-tab': 'Shift-Tab',
  up: '↑',
  down: '↓',
  left: '←',
  right: '→',
  escape: 'Esc',
  enter: 'Enter',
  home: 'Home',
  end: 'End',
  delete: 'Delete',
  backspace: 'Backspace',
};

const ASCII_NAMES: Record<string, string> = { up: 'Up', down: 'Down', left: 'Left', right: 'Right' };

/** A key as people write it: `Ctrl-A`, `Alt-←`. */
export function keyName(key: string, ascii = false): string {
  const parts = key === 'shift-tab' ? [key] : key.split(/-(?=.)/);
  return parts
    .map((part) => {
      if (part === 'ctrl') return 'Ctrl';
      if (part === 'alt') return 'Alt';
      return (ascii ? ASCII_NAMES[part] : undefined) ?? NAMES[part] ?? part.toUpperCase();
    })
    .join('-');
}
