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
  const show = (): void => {
    const { printed, run, busy, asked, elapsed, left, notice } = session.state;
    for (const block of printed.slice(shown)) stdout.write(`${paintAll(block.lines, 'bare')}\n`);
    shown = printed.length;
    const now = run && elapsed >= PATIENCE ? progressWords(run, asked?.target ?? '') : (notice ?? '');
    if (now !== said && now !== '') stdout.write(`${now}\n`);
    said = now;
    if (left) {
      lines.close();
      return;
    }
    const { field } = session.state;
    lines.setPrompt(field ?? textOf(promptLabel(session.state)));
    // Not before everything is said: a prompt in the middle of an answer would be read aloud there.
    if (field !== null || (run === null && busy === null)) lines.prompt();
  };
  const closed = new Promise<void>((resolve) => lines.once('close', resolve));
  const stop = session.watch(show);
  lines.on('line', (line) => {
    const asked = session.state.field !== null;
    session.send(asked ? { type: 'answer', text: line } : { type: 'line', line });
  });
  const interrupt = (): void => session.send({ type: 'key', key: { type: 'key', name: 'ctrl-c' } });
  lines.on('SIGINT', interrupt);
  const giveBack = takeInterrupt(interrupt);
  const end = (): void => lines.close();
  signal?.addEventListener('abort', end);
  show();
  await closed;
  giveBack();
  signal?.removeEventListener('abort', end);
  stop();
}
