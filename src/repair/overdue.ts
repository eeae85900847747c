/** Changes that should have been taken back by now: their timer was killed, or the host was. */
import type { Machine } from '../host/machine.ts';
import { type Entry, stands } from './journal/entry.ts';
import { Journal } from './journal/journal.ts';
import { identity, stranger } from './journal/place.ts';
import { rollbackTimer } from './rollback.ts';

/** Milliseconds that a timer which lives may be late; both work under the lock, and the second finds nothing to do. */
const GRACE = 2000;

/** Is its time over, and its timer too? */
export const isOverdue = (entry: Entry, now = Date.now()): boolean =>
  stands(entry) &&
  entry.rollback !== null &&
  !entry.rollback.kept &&
  Date.parse(entry.rollback.at) + GRACE < now;

/** What of this host is overdue, oldest first. @throws Failure */
export function overdue(machine: Machine): readonly Entry[] {
  const here = identity(machine);
  return new Journal(machine)
    .list()
    .entries.filter((entry) => isOverdue(entry) && stranger(entry, here) === null);
}

export interface Settled {
  readonly entry: Entry;
  readonly result: 'taken back' | 'not needed' | 'stuck';
}

/** Does what their timers should have done, the newest first. @throws Failure */
export async function settleOverdue(machine: Machine, entries: readonly Entry[]): Promise<Settled[]> {
  const settled: Settled[] = [];
  for (const entry of entries.toReversed())
    settled.push({ entry, result: await rollbackTimer(machine, entry.id, true) });
  return settled;
}
