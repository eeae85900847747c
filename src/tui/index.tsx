/** The way into the conversation on a terminal. Ink is read from here on, and not before. */
import type { Hands } from '../repl/session.ts';
import { plain } from '../words/text.ts';
import { askFirst, begin } from './begin.ts';
import type { TuiContext } from './context.ts';
import { converseInLines, wantsLines } from './plain.ts';
import { sizeOf, takeTerminal } from './terminal.ts';
import { withoutCi } from './without-ci.ts';

/**
 * Runs the conversation to its end; resolves when the terminal is as it was. Rejects with the signal's reason, or with
 * what crashed it. The first words are on the screen before Ink is read.
 */
export async function runTui(context: TuiContext): Promise<void> {
  const { machine, target, colour, signal, stdin = process.stdin, stdout = process.stdout } = context;
  const terminal = { stdin, stdout };
  if (wantsLines(machine.env)) {
    const session = begin(context, sizeOf(stdout), NO_HANDS);
    askFirst(session, context);
    await converseInLines(session, terminal, { dumb: machine.env.TERM === 'dumb', signal });
    await session.close();
    return signal?.throwIfAborted();
  }
  const giveBack = takeTerminal(terminal);
  const hands = { ...NO_HANDS };
  const session = begin(context, sizeOf(stdout), {
    copy: (text) => hands.copy(text),
    suspend: () => hands.suspend(),
    clearScreen: () => hands.clearScreen(),
  });
  try {
    stdout.write(target === null ? 'Looking for containers' : `Looking for ${plain(target)}`);
    const { converse } = await withoutCi(() => import('./conversation.tsx'));
    const start = (): void => askFirst(session, context);
    const { setUp } = context;
    await converse({ session, hands, terminal, giveBack, machine, colour, signal, start, setUp });
  } finally {
    giveBack();
    await session.close();
  }
  signal?.throwIfAborted();
}

/** Until a front end lends its own. */
const NO_HANDS: Omit<Hands, 'keepHistory'> = { copy() {}, suspend() {}, clearScreen() {} };
