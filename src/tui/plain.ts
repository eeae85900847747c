/** The conversation line by line, for dumb terminals and screen readers: nothing is drawn twice, nothing moves. */
import { createInterface } from 'node:readline';
import { paintAll } from '../output/line/paint.ts';
import { textOf } from '../output/line/span.ts';
import { complete } from '../repl/complete.ts';
import { namesOf } from '../repl/ghost.ts';
import { progressWords } from '../repl/picture/progress.ts';
import { promptLabel } from '../repl/picture/prompt.ts';
import { commands } from '../repl/registry.ts';
import type { Session } from '../repl/session.ts';
import type { Terminal } from './terminal.ts';

/** A run that is over before this says nothing of its progress. */
const PATIENCE = 300;
/** Milliseconds between two words of progress: each is read aloud. */
const PACE = 1500;

/** Is this a terminal, or a person, that is better served line by line? */
export const wantsLines = ({ TERM, ACCESSIBLE }: Readonly<Record<string, string | undefined>>): boolean =>
  TERM === 'dumb' || (ACCESSIBLE !== undefined && ACCESSIBLE !== '' && ACCESSIBLE !== '0');

/**
 * Ctrl-C is the conversation's: the first stops the run, the second leaves. A terminal that is not read key by key sends
 * it as a signal, which ends the program elsewhere. Returns the way to give it back.
 */
function takeInterrupt(take: () => void): () => void {
  const before = process.listeners('SIGINT');
  process.removeAllListeners('SIGINT');
  process.on('SIGINT', take);
  return () => {
    process.off('SIGINT', take);
    for (const listener of before) process.on('SIGINT', listener);
  };
}

/** Converses until the session is left, the input ends, or the signal comes. */
export async function converseInLines(
  session: Session,
  { stdin, stdout }: Terminal,
  { dumb, signal }: { readonly dumb: boolean; readonly signal?: AbortSignal },
): Promise<void> {
  const lines = createInterface({
    input: stdin,
    output: stdout,
    // Even Node's own line editing for dumb terminals moves the cursor.
    terminal: dumb ? false : undefined,
    history: session.state.history.lines.toReversed(),
    removeHistoryDuplicates: true,
    completer(before: string): [string[], string] {
      const { start, choices } = complete(before, commands, namesOf(session.state));
      return [choices.map(({ text }) => `${text} `), before.slice(start)];
    },
  });
  let shown = 0;
  let said = '';
  let next = PATIENCE;
  /** The prompt that stands in the last row; null: it has been answered, or something was written since. */
  let standing: string | null = null;
  const write = (text: string): void => {
    // A prompt that waits is left behind in its row.
    stdout.write(standing === null ? `${text}\n` : `\n${text}\n`);
    standing = null;
  };
  const show = (): void => {
    const { printed, run, busy, asked, elapsed, left, notice } = session.state;
    for (const block of printed.slice(shown)) write(paintAll(block.lines, 'bare'));
    shown = printed.length;
    if (run === null) next = PATIENCE;
    const due = run !== null && elapsed >= next;
    const now = due ? progressWords(run, asked?.target ?? '') : (notice ?? '');
    if (due) next = elapsed + PACE;
    if (now !== said && now !== '') write(now);
    if (now !== '' || run === null) said = now;
    if (left) {
      lines.close();
      return;
    }
    const { field } = session.state;
    // Not before everything is said: a prompt in the middle of an answer would be read aloud there.
    const idle = run === null && busy === null;
    const wanted = field ?? (idle ? textOf(promptLabel(session.state)) : null);
    if (wanted === null || wanted === standing) return;
    if (standing !== null) stdout.write('\n');
    standing = wanted;
    lines.setPrompt(wanted);
    lines.prompt();
  };
  const closed = new Promise<void>((resolve) => lines.once('close', resolve));
  const stop = session.watch(show);
  lines.on('line', (line) => {
    const asked = session.state.field !== null;
    standing = null;
    session.send(asked ? { type: 'answer', text: line } : { type: 'line', line });
  });
  const interrupt = (): void => session.send({ type: 'key', key: { type: 'key', name: 'ctrl-c' } });
  lines.on('SIGINT', interrupt);
  const giveBack = takeInterrupt(interrupt);
  const end = (): void => lines.close();
  signal?.addEventListener('abort', end);
  show();
  if (session.state.target === null) {
    write('What shall be diagnosed? Type check and a name; help says more.');
    // In place of the picker. A line that begins with a space is no part of the history.
    session.send({ type: 'line', line: ' containers' });
  }
  await closed;
  giveBack();
  signal?.removeEventListener('abort', end);
  stop();
}
