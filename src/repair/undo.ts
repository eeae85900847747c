/** Taking a change set back, to the state before it. */
import type { Machine } from '../host/machine.ts';
import { Failure } from '../model/failure.ts';
import type { Change } from '../model/fix.ts';
import { type Drift, type Standing, standing } from './drift.ts';
import {
  type Entry,
  type EntryStatus,
  isFile,
  type JournalChange,
  stands,
  withNote,
} from './journal/entry.ts';
import type { Journal } from './journal/journal.ts';
import { type Identity, stranger } from './journal/place.ts';
import { make } from './make.ts';
import { type State, same } from './state.ts';
import { readSubject } from './subject.ts';
import { subjectOf } from './subjects.ts';
import { type Surveyed, survey } from './survey.ts';

export type Undone =
  | { readonly kind: 'undone'; readonly entry: Entry }
  /** Nothing of it stood any more. */
  | { readonly kind: 'nothing'; readonly entry: Entry; readonly because: string }
  /** It belongs to another host namespace. */
  | { readonly kind: 'foreign'; readonly entry: Entry; readonly because: string }
  | { readonly kind: 'drift'; readonly entry: Entry; readonly drifts: readonly Drift[] }
  /** Commands were refused, or the state is not the one before; the journal still has it. */
  | { readonly kind: 'stuck'; readonly entry: Entry; readonly because: string };

export interface UndoOptions {
  /** Takes back its own part even where somebody else has changed the same thing. */
  readonly force?: boolean;
}

/** A state that needs more rounds than this is not coming back. */
const ROUNDS = 64;

/** Undoes one entry. Harmless when it is undone already. Must run under the lock. */
export async function undo(
  machine: Machine,
  journal: Journal,
  entry: Entry,
  here: Identity,
  { force = false }: UndoOptions = {},
): Promise<Undone> {
  if (!stands(entry)) return { kind: 'nothing', entry, because: 'it was taken back before' };
  const because = stranger(entry, here);
  if (because) return { kind: 'foreign', entry, because };
  const rebooted = entry.boot !== here.boot;
  const now = await standings(machine, entry);
  const found = now.map((one, index) => (rebooted && !isFile(entry.changes[index]!.apply) ? REBOOTED : one));
  if (found.every(({ kind }) => kind === 'before' || kind === 'gone'))
    return { kind: 'nothing', entry: close(journal, entry, whyNothing(found)), because: whyNothing(found) };
  const drifts = eachOnce(found.flatMap((one) => (one.kind === 'drift' ? [one.drift] : [])));
  if (drifts.length > 0 && !force) return { kind: 'drift', entry, drifts };
  const taken = await takeBack(machine, journal, entry, 'undone', found);
  return taken.status === 'undone'
    ? { kind: 'undone', entry: taken }
    : { kind: 'stuck', entry: taken, because: taken.notes.at(-1) ?? '' };
}

/** Where each change of the entry stands now. */
export async function standings(machine: Machine, entry: Entry): Promise<Standing[]> {
  const seen = await survey(
    machine,
    entry.changes.map((one) => one.apply),
  );
  return entry.changes.map((one, index) => standing(entry, one, seen[index] as Surveyed));
}

/** Several changes of one thing find the same. */
const eachOnce = (drifts: readonly Drift[]): Drift[] => [
  ...new Map(drifts.map((drift) => [JSON.stringify(drift), drift])).values(),
];

const REBOOTED: Standing = { kind: 'gone', because: 'the host has been started again since' };

const whyNothing = (found: readonly Standing[]): string =>
  found.find((one) => one.kind === 'gone')?.because ?? 'the state is already the one before';

const close = (journal: Journal, entry: Entry, note: string): Entry =>
  journal.write(withNote({ ...entry, status: 'undone' }, note));

/**
 * The way back: the fix's own undo where the whole fix was made, then, newest first, whatever still differs from the
 * state before. `found` says where each change stands (absent: just made by this process).
 */
export async function takeBack(
  machine: Machine,
  journal: Pick<Journal, 'write'>,
  entry: Entry,
  becomes: EntryStatus & ('undone' | 'failed'),
  found?: readonly Standing[],
): Promise<Entry> {
  const resumed = entry.status === 'undoing';
  const undoing = noted(journal, { ...entry, status: 'undoing' });
  const kinds = entry.changes.map((one, index): Standing['kind'] => found?.[index]?.kind ?? kindOf(one));
  const said: string[] = [];
  if (ownUndo(entry, kinds, resumed))
    for (const change of entry.undo) push(said, await make(machine, change));
  const left: string[] = [];
  for (const [index, change] of [...entry.changes.entries()].reverse()) {
    if (kinds[index] === 'gone') continue;
    const drifted = found?.[index]?.kind === 'drift';
    push(left, await converge(machine, change.apply, change.before, drifted));
  }
  const seenAll = entry.changes.every((one) => one.before !== null);
  // What cannot be looked at is taken back when its commands said so.
  const because = left.length > 0 ? left.join('; ') : seenAll ? null : (said[0] ?? null);
  return noted(
    journal,
    because === null
      ? { ...undoing, status: becomes, changes: undoing.changes.map((one) => ({ ...one, status: 'undone' })) }
      : withNote({ ...undoing, status: 'stuck' }, [...said, because].join('; ')),
  );
}

/**
 * Writes what a full disk must not stop: the journal then says more than stands, and a later undo finds nothing to do.
 */
export function noted(journal: Pick<Journal, 'write'>, entry: Entry): Entry {
  try {
    return journal.write(entry);
  } catch (error) {
    if (error instanceof Failure) return withNote(entry, error.message);
    throw error;
  }
}

/** Just made by this process: all of it stands that was applied, seen or not. */
const kindOf = (change: JournalChange): Standing['kind'] =>
  change.status === 'pending' ? 'before' : change.before === null ? 'unseen' : 'made';

/**
 * The fix's own undo takes back the whole of it. Where only a part stands (a command failed, netdoctor was killed in
 * the middle), the states are led back one by one instead, unless some of it cannot be seen.
 */
function ownUndo(entry: Entry, kinds: readonly Standing['kind'][], resumed: boolean): boolean {
  const made = (kind: Standing['kind'] | undefined) =>
    kind === 'made' || kind === 'drift' || kind === 'unseen';
  if (entry.changes.some((one, index) => kinds[index] === 'unseen' && one.status !== 'pending')) return true;
  return !resumed && kinds.every(made) && entry.changes.every((one) => one.status === 'applied');
}

const push = (list: string[], text: string | null): void => {
  if (text !== null) list.push(text);
};

/** Leads one thing to the state before, round by round. Null when it is there; else what still differs. */
async function converge(
  machine: Machine,
  change: Change,
  before: Entry['changes'][number]['before'],
  drifted: boolean,
): Promise<string | null> {
  const subject = subjectOf(change);
  if (subject === null || before === null) return null;
  let refusal: string | null = null;
  let last: State | null = null;
  for (let round = 0; round < ROUNDS; round++) {
    const now = await readSubject(machine, change, subject);
    if (!now.known) return now.because === 'vanished' ? null : `${subject.what}: ${now.detail}`;
    if (same(before, now.value)) return null;
    // Others have written to the same list: their part stays, only the fix's own undo applies.
    if (drifted && subject.shared) return null;
    const steps = subject.restore?.(now.value, before) ?? [];
    if (steps.length === 0 || (last !== null && same(last, now.value) && same(now.value, last))) break;
    last = now.value;
    for (const step of steps) refusal = (await make(machine, inside(step, change))) ?? refusal;
  }
  return refusal ?? `${subject.what} is not as it was before`;
}

/** A command for the namespace in which the change was made. */
const inside = (step: Change, change: Change): Change =>
  'run' in step && 'run' in change && change.run.in ? { run: { ...step.run, in: change.run.in } } : step;
