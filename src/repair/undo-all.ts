/** `netdoctor undo`: one entry or all of them, newest first. */
import type { Machine } from '../host/machine.ts';
import { cannotLook, wrongCall } from '../model/failure.ts';
import { plain, shellLine } from '../words/text.ts';
import { type Entry, stands } from './journal/entry.ts';
import { Journal, type Unreadable } from './journal/journal.ts';
import { alone } from './journal/lock.ts';
import { identity, stranger } from './journal/place.ts';
import { type Undone, undo } from './undo.ts';

export interface UndoRequest {
  /** An entry's id; absent: the newest that stands. */
  readonly id?: string;
  readonly all: boolean;
  readonly force: boolean;
}

/** @throws Failure (exit 2) for an id that the journal does not have */
export function undoEntries(machine: Machine, { id, all, force }: UndoRequest): Promise<Undone[]> {
  const journal = new Journal(machine);
  const here = identity(machine);
  const own = (entry: Entry): boolean => stands(entry) && stranger(entry, here) === null;
  const standing = (): Entry[] => journal.list().entries.filter(own).reverse();
  const chosen = (): Entry[] =>
    id === undefined ? (all ? standing() : standing().slice(0, 1)) : [named(journal, id)];
  // A journal that is not there has nothing to undo, and needs no lock.
  if (id === undefined && standing().length === 0) return Promise.resolve([]);
  if (id !== undefined) named(journal, id);
  return alone(machine, async () => {
    const results: Undone[] = [];
    for (const entry of chosen()) results.push(await undo(machine, journal, entry, here, { force }));
    return results;
  });
}

/** What stands perhaps and cannot be taken back, since its entry cannot be read. */
export const unreadableEntries = (machine: Machine): readonly Unreadable[] =>
  new Journal(machine).list().unreadable;

function named(journal: Journal, id: string): Entry {
  const entry = journal.look(id);
  if (entry && !('because' in entry)) return entry;
  if (entry)
    throw cannotLook(
      'entry-unreadable',
      `change ${plain(id)} cannot be read, so nothing is taken back: ${plain(entry.because)}`,
      shellLine(['cat', entry.file]),
    );
  throw wrongCall('unknown-change', `There is no change ${plain(id)}.`, 'netdoctor log lists what there is.');
}
