/** Taking a change back by itself after a time, unless somebody keeps it: for people at the far end of an ssh session. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Machine } from '../host/machine.ts';
import { type Entry, stands, withNote } from './journal/entry.ts';
import { Journal } from './journal/journal.ts';
import { alone } from './journal/lock.ts';
import { identity } from './journal/place.ts';
import { undo } from './undo.ts';

/** How often the timer looks whether it is still needed, in milliseconds. */
const LOOK = 500;
/** How long it waits for another netdoctor before it acts all the same: that one may hang on a dead terminal. */
const PATIENCE = 15_000;

const waits = (entry: Entry | null): entry is Entry =>
  entry !== null && stands(entry) && entry.rollback !== null && !entry.rollback.kept;

/**
 * The rollback timer's whole life, in a process of its own: waits `seconds` by the monotonic clock, then takes the
 * entry back by force (the person cannot be asked). Returns what happened. `due`: somebody else has waited.
 */
export async function rollbackTimer(
  machine: Machine,
  id: string,
  due = false,
): Promise<'not needed' | 'taken back' | 'stuck'> {
  const journal = new Journal(machine);
  const first = journal.get(id);
  if (!waits(first)) return 'not needed';
  const end =
    machine.now() + BigInt(due ? 0 : Math.round((first.rollback?.seconds ?? 0) * 1000)) * 1_000_000n;
  while (machine.now() < end) {
    await sleep(Math.min(LOOK, Number((end - machine.now()) / 1_000_000n) + 1));
    if (!waits(journal.get(id))) return 'not needed';
  }
  const work = () => takeBackNow(machine, journal, id);
  try {
    return await alone(machine, work, { patience: PATIENCE });
  } catch {
    return work();
  }
}

async function takeBackNow(
  machine: Machine,
  journal: Journal,
  id: string,
): Promise<'not needed' | 'taken back' | 'stuck'> {
  const entry = journal.get(id);
  if (!waits(entry)) return 'not needed';
  const noted = withNote(entry, `nobody kept it within ${entry.rollback?.seconds} s: taken back`);
  const result = await undo(machine, journal, noted, identity(machine), { force: true });
  return result.kind === 'undone' || result.kind === 'nothing' ? 'taken back' : 'stuck';
}

/** Entries that wait for `netdoctor keep`, newest first. */
export const waiting = (journal: Journal): Entry[] => journal.list().entries.filter(waits).reverse();

/** Confirms an entry, so that its timer ends without doing anything. Must run under the lock. */
export const keep = (journal: Journal, entry: Entry): Entry =>
  journal.write(
    withNote({ ...entry, rollback: entry.rollback && { ...entry.rollback, kept: true } }, 'kept by hand'),
  );

/** Keeps everything that waits to be rolled back; returns what was kept, newest first. @throws Failure */
export async function keepAll(machine: Machine): Promise<Entry[]> {
  const journal = new Journal(machine);
  if (waiting(journal).length === 0) return [];
  return alone(machine, async () => waiting(journal).map((entry) => keep(journal, entry)));
}
