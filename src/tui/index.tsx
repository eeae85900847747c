/** The way into the conversation on a terminal. Ink is read from here on, and not before. */
import type { Machine } from '../host/machine.ts';
import type { Diagnosis } from '../model/diagnosis.ts';
import type { Hands } from '../repl/session.ts';
import type { Settings } from '../repl/settings.ts';
import type { Surroundings } from '../repl/surroundings.ts';
import type { Defaults } from '../repl/wish.ts';
import { plain } from '../words/text.ts';
import { askFirst, begin } from './begin.ts';
import { converseInLines, wantsLines } from './plain.ts';
import { sizeOf, takeTerminal } from './terminal.ts';

export interface TuiContext {
  readonly machine: Machine;
  /** Whom to ask about; null opens the picker. */
  readonly target: string | null;
  /** The options of the call, under every question of the conversation. */
  readonly defaults: Defaults;
  /** Settings from the call that are no part of a question: `redact`. */
  readonly settings?: Settings;
  readonly colour: boolean;
  /** Ends the conversation from outside: its reason is thrown when the terminal is as it was. */
  readonly signal?: AbortSignal;
  readonly stdin?: NodeJS.ReadStream;
  readonly stdout?: NodeJS.WriteStream;
  /** Hears each verdict of the conversation. */
  readonly onDiagnosis?: (diagnosis: Diagnosis) => void;
  /** The wizard, which draws by itself and reads `stdin`; a null recipe: it asks which. @throws Failure */
  readonly setUp: (recipe: string | null, stdin: NodeJS.ReadStream) => Promise<void>;
  /** In place of the real engine and machine. */
  readonly around?: Surroundings;
}

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

/** In a continuous integration Ink draws nothing but the last frame; a person at a terminal with CI set wants all. */
async function withoutCi<T>(load: () => Promise<T>): Promise<T> {
  const { CI, CONTINUOUS_INTEGRATION } = process.env;
  delete process.env.CI;
  delete process.env.CONTINUOUS_INTEGRATION;
  try {
    return await load();
  } finally {
    if (CI !== undefined) process.env.CI = CI;
    if (CONTINUOUS_INTEGRATION !== undefined) process.env.CONTINUOUS_INTEGRATION = CONTINUOUS_INTEGRATION;
  }
}
