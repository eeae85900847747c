/** The terminal's modes, and the way back to how it was found: after a crash, a signal, Ctrl-Z. */

import type { Size } from '../repl/state.ts';

const PASTE_ON = '\u001b[?2004h';
const PASTE_OFF = '\u001b[?2004l';
const CURSOR_ON = '\u001b[?25h';
const SYNC_END = '\u001b[?2026l';

export interface Terminal {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
}

/** Raw keys and bracketed paste. Returns the way back, which may be called more than once. */
export function takeTerminal({ stdin, stdout }: Terminal): () => void {
  stdin.setRawMode(true);
  stdout.write(PASTE_ON);
  let taken = true;
  const giveBack = (): void => {
    if (!taken) return;
    taken = false;
    process.off('exit', giveBack);
    stdin.setRawMode(false);
    stdout.write(`${SYNC_END}${PASTE_OFF}${CURSOR_ON}`);
  };
  // However the process ends, short of SIGKILL.
  process.on('exit', giveBack);
  return giveBack;
}

/** Pasted text comes as if it were typed, for a reader that knows no bracketed paste. Returns the way back. */
export function plainPaste({ stdout }: Pick<Terminal, 'stdout'>): () => void {
  stdout.write(PASTE_OFF);
  return () => void stdout.write(PASTE_ON);
}

/**
 * Ctrl-Z: in raw mode the terminal sends no signal, so it is sent from here, to the whole group as the terminal would.
 * `resumed` is called when the shell brings it back.
 */
export function suspend(giveBack: () => void, resumed: () => void): void {
  giveBack();
  process.once('SIGCONT', resumed);
  process.kill(0, 'SIGTSTP');
}

/** Windows narrower than this are taken to be this wide; the terminal then wraps. */
const NARROWEST = 20;

export const sizeOf = ({ columns, rows }: Pick<NodeJS.WriteStream, 'columns' | 'rows'>): Size => ({
  columns: Math.max(NARROWEST, columns || 80),
  rows: rows || 24,
});
