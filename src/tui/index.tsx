/** The way into the conversation on a terminal. Ink is read from here on, and not before. */
import type { Machine } from '../host/machine.ts';
import type { Surroundings } from '../repl/surroundings.ts';
import type { Settings, Wish } from '../repl/wish.ts';

export interface TuiContext {
  readonly machine: Machine;
  readonly around: Surroundings;
  /** What to ask first; null opens the picker. */
  readonly wish: Wish | null;
  readonly settings?: Settings;
  readonly colour: boolean;
  readonly stdin?: NodeJS.ReadStream;
  readonly stdout?: NodeJS.WriteStream;
}

/** Runs the conversation to its end; resolves when the terminal is as it was. Rejects with what crashed it. */
export async function runTui(context: TuiContext): Promise<void> {
  const { converse } = await withoutCi(() => import('./conversation.tsx'));
  await converse(context);
}

/** In a continuous integration Ink draws nothing but the last frame; a person at a terminal with CI set wants all. */
async function withoutCi<T>(load: () => Promise<T>): Promise<T> {
  const { CI, CONTINUOUS_INTEGRATION } = process.env;
  process.env.NODE_ENV ??= 'production';
  delete process.env.CI;
  delete process.env.CONTINUOUS_INTEGRATION;
  try {
    return await load();
  } finally {
    if (CI !== undefined) process.env.CI = CI;
    if (CONTINUOUS_INTEGRATION !== undefined) process.env.CONTINUOUS_INTEGRATION = CONTINUOUS_INTEGRATION;
  }
}
