/** A diagnosis that is followed by its repair. */
import { createInterface } from 'node:readline/promises';
import type { Machine } from '../host/machine.ts';
import type { Diagnosis } from '../model/diagnosis.ts';
import type { Event } from '../model/event.ts';
import type { RepairEvent, RepairResult } from '../repair/request.ts';
import { repair } from '../repair/rounds.ts';
import { startRollback } from '../repair/timer.ts';
import { repairLines } from '../repair/words.ts';
import { untilAborted } from './abort.ts';
import type { FixWish } from './fix-options.ts';

export interface Mending {
  readonly machine: Machine;
  readonly wish: FixWish;
  readonly signal: AbortSignal;
  /** Asks the original question again. */
  readonly again: () => AsyncIterable<Event>;
  /** Where its words go. */
  readonly say: (text: string) => void;
}

/** Mends what `first` found. What the run's signal interrupts is taken back. @throws Failure, or the signal's reason */
export function mend(
  first: Diagnosis,
  { machine, wish, signal, again, say }: Mending,
): Promise<RepairResult> {
  const tell = (event: RepairEvent): void => say(`${repairLines(event).join('\n')}\n`);
  return repair(first, {
    machine,
    ask: () => answerOf(again(), signal),
    allowed: wish.allowed,
    persist: wish.persist,
    dryRun: wish.dryRun,
    rollbackAfter: wish.rollbackAfter,
    keepPartial: wish.keepPartial,
    agree: wish.yes ? async () => true : () => asked('Shall this be done? [y/N] ', signal),
    tell,
    startRollback: (entry) => startRollback(machine, entry),
    signal,
  });
}

async function answerOf(events: AsyncIterable<Event>, signal: AbortSignal): Promise<Diagnosis> {
  let last: Diagnosis | null = null;
  for await (const event of untilAborted(events, signal))
    if (event.type === 'diagnosis') last = event.diagnosis;
  if (last === null) throw new Error('the run ended without a diagnosis');
  return last;
}

/** Yes only when it is said. */
async function asked(question: string, signal: AbortSignal): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(es)?$/i.test((await terminal.question(question, { signal })).trim());
  } finally {
    terminal.close();
  }
}
