/** A program on this program's own terminal, which never outlives it. */
import { Socket } from 'node:net';
import { constants } from 'node:os';
import { execa } from 'execa';
import { roomForPipes } from './room-for-pipes.ts';
import { ownPath } from './run.ts';
import { signalChild } from './signal-child.ts';

/** The descriptor whose end tells the child that its parent is gone, even by SIGKILL. */
const LIFELINE = 3;
/** A terminal's Ctrl-C reaches both by itself; only one sent to the parent alone is handed on. */
const INTERRUPT_DELAY = 250;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs a program with this one's standard streams and waits for its end. Signals are handed on.
 * Answers its exit code, 128 and the signal's number for one that a signal ended, null when it could not be started.
 */
export async function runAttached(
  argv: readonly [string, ...string[]],
  env: Readonly<Record<string, string>>,
): Promise<number | null> {
  const [file, ...args] = argv;
  roomForPipes();
  const child = execa(file, args, {
    stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
    env: { ...env, PATH: ownPath() },
    reject: false,
    buffer: false,
  });
  const handlers = SIGNALS.map((signal) => {
    const handOn = (): void => {
      if (signal === 'SIGINT') setTimeout(() => signalChild(child, signal), INTERRUPT_DELAY).unref();
      else signalChild(child, signal);
    };
    process.on(signal, handOn);
    return () => process.off(signal, handOn);
  });
  try {
    const { exitCode, signal } = await child;
    return exitCode ?? (signal === undefined ? null : 128 + constants.signals[signal]);
  } finally {
    for (const off of handlers) off();
  }
}

/** Calls `cut` once when the program that started this one by `runAttached` has ended. */
export function whenParentEnds(cut: () => void): void {
  const lifeline = new Socket({ fd: LIFELINE });
  lifeline.on('error', () => {});
  lifeline.once('close', cut);
  lifeline.resume().unref();
}
