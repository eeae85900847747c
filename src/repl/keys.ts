/** The key layer: what a terminal sends, as keys. Sequences of xterm, VT220, rxvt, the Linux console, tmux and screen. */
import { plain } from '../words/text.ts';

export type Key =
  | { readonly type: 'key'; readonly name: string }
  | { readonly type: 'text'; readonly text: string };

/** What is left of the last chunk: an unfinished sequence, or a paste that has not ended. */
export interface Decoder {
  readonly pending: string;
  /** Text of a bracketed paste so far; null outside one. */
  readonly paste: string | null;
}

export const decoder: Decoder = { pending: '', paste: null };

const PASTE = '\u001b[200~';
const PASTE_END = '\u001b[201~';
/** More than anybody means to paste into one line; the rest is let go. */
const PASTE_LIMIT = 65_536;

const FINAL: Record<string, string> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  E: 'begin',
  F: 'end',
  H: 'home',
  Z: 'shift-tab',
  a: 'up',
  b: 'down',
  c: 'ctrl-right',
  d: 'ctrl-left',
};

const TILDE: Record<string, string> = {
  1: 'home',
  2: 'insert',
  3: 'delete',
  4: 'end',
  5: 'page-up',
  6: 'page-down',
  7: 'home',
  8: 'end',
};

const CONTROL: Record<string, string> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\u0008': 'backspace',
  '\u007f': 'backspace',
  '\u0000': 'ctrl-space',
  '\u001f': 'ctrl-_',
};

// biome-ignore format: one sequence a line
const CSI = /^\u001b\[([0-9;:<=>?]*)([ -/]*)([@-~])/;

/** Shift 1, Alt 2, Ctrl 4, counted from 1: xterm's modifier parameter. */
function modified(name: string, parameter: string | undefined): string {
  const bits = Number(parameter ?? 1) - 1;
  if (!(bits > 0)) return name;
  return `${bits & 4 ? 'ctrl-' : ''}${bits & 2 ? 'alt-' : ''}${bits & 1 && bits < 2 ? 'shift-' : ''}${name}`;
}

function control(character: string): string {
  const named = CONTROL[character];
  return named ?? `ctrl-${String.fromCharCode(character.charCodeAt(0) + 96)}`;
}

/** One sequence at the start of `input`; `null` when it is not complete yet. Unknown ones are swallowed whole. */
function sequence(input: string): { readonly name: string | null; readonly length: number } | null {
  if (input.startsWith('\u001b[[')) {
    // The Linux console's function keys: ESC [ [ A.
    return input.length < 4 ? null : { name: null, length: 4 };
  }
  const csi = CSI.exec(input);
  if (csi) {
    const [whole, parameters = '', , final = ''] = csi;
    const [first = '', second] = parameters.split(';');
    // With one of <=>? it is an answer of the terminal, not a key.
    const key = !/[<=>?]/.test(parameters);
    const name = !key
      ? undefined
      : final === '~' || final === '$' || final === '^'
        ? TILDE[first]
        : FINAL[final];
    return { name: name === undefined ? null : modified(name, second), length: whole.length };
  }
  if (input[1] === '[') return /^\u001b\[[0-?]*[ -/]*$/.test(input) ? null : { name: null, length: 2 };
  if (input[1] === 'O') {
    if (input.length < 3) return null;
    return { name: FINAL[input[2]!] ?? null, length: 3 };
  }
  if (input.length < 2) return null;
  const next = String.fromCodePoint(input.codePointAt(1)!);
  if (next === '\u001b') return { name: 'escape', length: 1 };
  const name = /[\u0000-\u001f\u007f]/.test(next) ? control(next) : next.toLowerCase();
  return { name: `alt-${name}`, length: 1 + next.length };
}

/** Reads a chunk of input. Feed `settle` when nothing follows an unfinished sequence for a while. */
export function decode(state: Decoder, chunk: string): { keys: Key[]; state: Decoder } {
  const keys: Key[] = [];
  let input = state.pending + chunk;
  let paste = state.paste;
  while (input !== '') {
    if (paste !== null) {
      const end = input.indexOf(PASTE_END);
      if (end < 0) {
        // The end mark itself may be cut in two.
        const keep = Math.max(0, input.length - PASTE_END.length + 1);
        return {
          keys,
          state: { pending: input.slice(keep), paste: (paste + input.slice(0, keep)).slice(0, PASTE_LIMIT) },
        };
      }
      const text = plain((paste + input.slice(0, end)).slice(0, PASTE_LIMIT).replace(/\r\n?|\n/g, ' '));
      if (text !== '') keys.push({ type: 'text', text });
      paste = null;
      input = input.slice(end + PASTE_END.length);
    } else if (input.startsWith(PASTE)) {
      paste = '';
      input = input.slice(PASTE.length);
    } else if (input[0] === '\u001b') {
      const found = sequence(input);
      if (found === null) return { keys, state: { pending: input, paste } };
      if (found.name !== null) keys.push({ type: 'key', name: found.name });
      input = input.slice(found.length);
    } else if (/^[\u0000-\u001f\u007f]/.test(input)) {
      keys.push({ type: 'key', name: control(input[0]!) });
      input = input.slice(1);
    } else {
      const run = /^[^\u0000-\u001f\u007f]+/.exec(input)![0];
      const text = plain(run);
      if (text !== '') keys.push({ type: 'text', text });
      input = input.slice(run.length);
    }
  }
  return { keys, state: { pending: '', paste } };
}

/** Nothing followed: a lone ESC is the Escape key, anything else unfinished is let go. */
export function settle(state: Decoder): { keys: Key[]; state: Decoder } {
  if (state.paste !== null || state.pending === '') return { keys: [], state };
  const keys: Key[] = state.pending === '\u001b' ? [{ type: 'key', name: 'escape' }] : [];
  return { keys, state: decoder };
}
