/** What a conversation changes on the host, and takes back. */
import type { Machine } from '../host/machine.ts';
import { cannotLook } from '../model/failure.ts';
import { Journal } from '../repair/journal/journal.ts';
import { repair } from '../repair/rounds.ts';
import { startRollback } from '../repair/timer.ts';
import type { Undone } from '../repair/undo.ts';
import { undoEntries, unreadableEntries } from '../repair/undo-all.ts';
import { unreadableLine } from '../repair/words.ts';
import type { Surroundings } from '../repl/surroundings.ts';
import { shellLine } from '../words/text.ts';

export { keepAll } from '../repair/rollback.ts';

export const repairing =
  (machine: Machine): Surroundings['repair'] =>
  (first, request) =>
    repair(first, { ...request, machine, startRollback: (entry) => startRollback(machine, entry) });

/** The newest change, or the one named; null: there is none. What stands and cannot be read is a Failure. */
export async function undoOne(machine: Machine, id: string | null, force: boolean): Promise<Undone | null> {
  if (id !== null && new Journal(machine).look(id) === null) return null;
  const [taken] = await undoEntries(machine, { ...(id === null ? {} : { id }), all: false, force });
  const [unreadable] = taken ? [] : unreadableEntries(machine);
  if (unreadable)
    throw cannotLook('entry-unreadable', unreadableLine(unreadable), shellLine(['cat', unreadable.file]));
  return taken ?? null;
}
