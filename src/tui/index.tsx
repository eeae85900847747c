/** The way into the conversation on a terminal. Ink is read from here on, and not before. */
import type { Hands } from '../repl/session.ts';
import { askFirst, begin } from './begin.ts';
import type { TuiContext } from './context.ts';
import { firstFrame } from './first-frame.ts';
import { beginLayout } from './laid-out.ts';
import { converseInLines, wantsLines } from './plain.ts';
import { sizeOf, takeTerminal } from './terminal.ts';
import { withoutCi } from './without-ci.ts';

/**
 * Runs the conversation to its end; resolves when the terminal is as it was. Rejects with the signal's reason, or with
 * what crashed it. The first frame is on the screen before Ink is read.
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
    const standing = firstFrame(session.state, colour ? 'colour' : 'no-colour');
    stdout.write(standing.frame);
    beginLayout();
    if (target !== null && !context.around) warm(context);
    const { converse } = await withoutCi(() => import('./conversation.tsx'));
    const start = (): void => askFirst(session, context);
    const { setUp } = context;
    await converse({ session, hands, terminal, giveBack, machine, colour, signal, standing, start, setUp });
  } finally {
    giveBack();
    await session.close();
  }
  signal?.throwIfAborted();
}

/** Who listens starts beside what is read and drawn, and is there when the question is asked. */
function warm({ machine, defaults }: TuiContext): void {
  try {
    machine.warmCapture(defaults.trace && machine.tracing === 'perf');
  } catch {
    // The question finds that out too, and says so.
  }
}

/** Until a front end lends its own. */
const NO_HANDS: Omit<Hands, 'keepHistory'> = { copy() {}, suspend() {}, clearScreen() {} };
