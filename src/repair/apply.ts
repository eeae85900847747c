/** Making a fix: everything is on disk with its way back before the first command runs. */
import type { Machine } from '../host/machine.ts';
import { cannotLook } from '../model/failure.ts';
import type { Change, Fix } from '../model/fix.ts';
import { changeLine } from './change-line.ts';
import { type Entry, type JournalChange, SCHEMA, withNote } from './journal/entry.ts';
import type { Journal } from './journal/journal.ts';
import { identity } from './journal/place.ts';
import { make } from './make.ts';
import { withHandles } from './nft-handle.ts';
import { type Surveyed, survey } from './survey.ts';
import { standings, takeBack } from './undo.ts';

export interface About {
  readonly cause: string | null;
  readonly target: string | null;
  /** Seconds until it is taken back unless it is kept; null: no timer. */
  readonly rollbackAfter: number | null;
}

export interface Applied {
  readonly entry: Entry;
  /** Null when every command did its work; else what the first failing one said. */
  readonly failure: string | null;
}

/** The journal's line of a change that is about to be made. What cannot be read cannot be put back: exit 3. */
function planned({ change, subject, state }: Surveyed): JournalChange {
  if (state !== null && !state.known)
    throw cannotLook(
      'state-unreadable',
      `${subject?.what} cannot be read, so nothing is changed: ${state.detail}`,
      changeLine(change),
    );
  const before = state?.value ?? null;
  return {
    apply: change,
    what: subject?.what ?? null,
    before,
    expected: before === null ? null : (subject?.expected?.(before) ?? null),
    after: null,
    status: 'pending',
  };
}

/** A file that is there keeps its mode and owner, and its present text is what the way back must bring. */
function settled({ change, state }: Surveyed): Change {
  if (!('file' in change) || !state?.known) return change;
  const { access, '?text': text } = state.value;
  return { ...change, before: text ?? null, mode: access ?? change.mode };
}

/**
 * Applies `fix` (and `extra` changes, which make it last) as one change set. `started` is called when the journal has
 * it and nothing has been changed yet: the rollback timer starts there. Must run under the lock.
 */
export async function apply(
  machine: Machine,
  journal: Journal,
  fix: Fix,
  about: About,
  extra: readonly Change[] = [],
  started: (entry: Entry) => Promise<void> | void = () => {},
): Promise<Applied> {
  const looked = await survey(machine, [...fix.apply, ...extra]);
  const seen = looked.map((one) => ({ ...one, change: settled(one) }));
  const changes = seen.map((one) => one.change);
  const now = new Date();
  const entry = journal.write({
    schema: SCHEMA,
    id: journal.nextId(),
    when: now.toISOString(),
    ...identity(machine),
    pid: machine.pid,
    title: fix.title,
    cause: about.cause,
    target: about.target,
    risk: fix.risk,
    lasts: fix.lasts,
    status: 'pending',
    changes: seen.map(planned),
    undo: fix.undo,
    rollback:
      about.rollbackAfter === null
        ? null
        : {
            seconds: about.rollbackAfter,
            at: new Date(now.getTime() + about.rollbackAfter * 1000).toISOString(),
            kept: false,
          },
    notes: [],
  });
  try {
    await started(entry);
    return await carryOut(machine, journal, entry, changes);
  } catch (error) {
    // No timer could be started, or the disk filled up in between: nothing stays that was not meant to.
    await takeBack(machine, journal, entry, 'failed', await standings(machine, entry));
    throw error;
  }
}

async function carryOut(
  machine: Machine,
  journal: Journal,
  pending: Entry,
  changes: readonly Change[],
): Promise<Applied> {
  let entry = pending;
  for (const [index, change] of changes.entries()) {
    const failure = await make(machine, change);
    const status = failure === null ? 'applied' : 'failed';
    entry = journal.write({
      ...entry,
      changes: entry.changes.map((one, at) => (at === index ? { ...one, status } : one)),
    });
    if (failure !== null) {
      entry = await takeBack(machine, journal, withNote(entry, failure), 'failed');
      return { entry, failure };
    }
  }
  return { entry: journal.write(await observed(machine, { ...entry, status: 'applied' })), failure: null };
}

/** Notes what the things touched look like now, so that a later undo can tell its own work from somebody else's. */
export async function observed(machine: Machine, entry: Entry): Promise<Entry> {
  const seen = await survey(
    machine,
    entry.changes.map((one) => one.apply),
  );
  const changes = entry.changes.map((one, index) => {
    const state = seen[index]?.state;
    return { ...one, after: state?.known ? state.value : null };
  });
  return { ...entry, changes, undo: withHandles(entry.undo, changes) };
}
