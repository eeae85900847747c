/**
 * A recipe's changes in the journal that repairs use too: one entry that grows with each command, which is on disk
 * with its way back before it runs. `netdoctor undo` takes the whole of it down.
 */
import type { Machine } from '../host/machine.ts';
import { cannotLook } from '../model/failure.ts';
import { observed } from '../repair/apply.ts';
import { changeLine } from '../repair/change-line.ts';
import { type Entry, type JournalChange, SCHEMA } from '../repair/journal/entry.ts';
import { Journal } from '../repair/journal/journal.ts';
import { alone } from '../repair/journal/lock.ts';
import { identity } from '../repair/journal/place.ts';
import { make } from '../repair/make.ts';
import type { State } from '../repair/state.ts';
import { type Surveyed, survey } from '../repair/survey.ts';
import { undo } from '../repair/undo.ts';
import type { Pair } from './verb.ts';

export class ChangeSet {
  readonly #machine: Machine;
  readonly #journal: Journal;
  readonly #title: string;
  #entry: Entry | null = null;
  #made: Pair[] = [];
  /** How each thing was before the first change of this set touched it. */
  readonly #before = new Map<string, State>();

  constructor(machine: Machine, title: string) {
    this.#machine = machine;
    this.#journal = new Journal(machine);
    this.#title = title;
  }

  /** The journal's id; null while nothing has been changed. */
  get id(): string | null {
    return this.#entry?.id ?? null;
  }

  /** How many changes stand. */
  get size(): number {
    return this.#made.length;
  }

  /**
   * Looks at everything that is going to be changed, before the first change: a later look at an interface that the
   * set itself has made would take that for the state to go back to.
   */
  async survey(pairs: readonly Pair[]): Promise<void> {
    const looked = await survey(
      this.#machine,
      pairs.map((pair) => pair.apply),
    );
    for (const one of looked) if (one.state?.known) this.#before.set(keyOf(one), one.state.value);
  }

  /** Journals and makes one change. Answers what the command said when it failed, else null. @throws Failure */
  make(pair: Pair): Promise<string | null> {
    return alone(this.#machine, async () => {
      const line = await this.#look(pair);
      const entry = this.#entry ?? this.#begin();
      const undo = pair.undo === null ? entry.undo : [pair.undo, ...entry.undo];
      this.#entry = this.#journal.write({ ...entry, changes: [...entry.changes, line], undo });
      const failure = await make(this.#machine, pair.apply);
      if (failure !== null) this.#drop(1, pair);
      else {
        this.#made.push(pair);
        this.#entry = this.#journal.write({ ...this.#entry, changes: lastApplied(this.#entry.changes) });
      }
      return failure;
    });
  }

  /** Takes the newest changes back, as many as told. Answers what could not be taken back. */
  back(count: number): Promise<readonly string[]> {
    return alone(this.#machine, async () => {
      const failures: string[] = [];
      for (const pair of this.#made.slice(this.#made.length - count).reverse()) {
        const failure = pair.undo === null ? null : await make(this.#machine, pair.undo);
        if (failure !== null) failures.push(failure);
        this.#made.pop();
        this.#drop(1, pair);
      }
      return failures;
    });
  }

  /** Every change is made: notes how things look now, so that a later undo can tell its own work from others'. */
  async finish(helped: boolean): Promise<void> {
    await alone(this.#machine, async () => {
      if (this.#entry === null) return;
      if (this.#entry.changes.length === 0) {
        this.#entry = this.#journal.write({ ...this.#entry, status: 'undone' });
        return;
      }
      const status = helped ? 'verified' : 'applied';
      this.#entry = this.#journal.write(await observed(this.#machine, { ...this.#entry, status }));
    });
  }

  /** Takes everything back, newest first. Null when the machine is as it was before; else what still stands. */
  takeBack(): Promise<string | null> {
    return alone(this.#machine, async () => {
      if (this.#entry === null) return null;
      const done = await undo(this.#machine, this.#journal, this.#entry, identity(this.#machine), {
        force: true,
      });
      this.#entry = done.entry;
      return done.kind === 'stuck' ? done.because : null;
    });
  }

  #begin(): Entry {
    return {
      schema: SCHEMA,
      id: this.#journal.nextId(),
      when: new Date().toISOString(),
      ...identity(this.#machine),
      pid: this.#machine.pid,
      title: this.#title,
      cause: null,
      target: null,
      risk: 'disruptive',
      lasts: 'until reboot, or until a container of it is restarted',
      status: 'applied',
      changes: [],
      undo: [],
      rollback: null,
      notes: [],
    };
  }

  async #look({ apply }: Pair): Promise<JournalChange> {
    const [looked] = await survey(this.#machine, [apply]);
    const { subject, state } = looked!;
    if (state !== null && !state.known)
      throw cannotLook(
        'state-unreadable',
        `${subject?.what} cannot be read, so nothing more is changed: ${state.detail}`,
        changeLine(apply),
      );
    const key = keyOf(looked!);
    if (state !== null && !this.#before.has(key)) this.#before.set(key, state.value);
    const before = state === null ? null : (this.#before.get(key) ?? null);
    return { apply, what: subject?.what ?? null, before, expected: null, after: null, status: 'pending' };
  }

  /** Strikes the newest changes out of the entry: they were not made, or are taken back already. */
  #drop(count: number, pair: Pair): void {
    if (this.#entry === null) return;
    const { changes, undo } = this.#entry;
    this.#entry = this.#journal.write({
      ...this.#entry,
      changes: changes.slice(0, changes.length - count),
      undo: pair.undo === null ? undo : undo.slice(count),
    });
  }
}

/** One thing in one namespace. */
const keyOf = ({ change, subject }: Surveyed): string =>
  `${'run' in change ? (change.run.in?.path ?? '') : ''} ${subject?.what}`;

const lastApplied = (changes: readonly JournalChange[]): readonly JournalChange[] =>
  changes.map((one, index) => (index === changes.length - 1 ? { ...one, status: 'applied' } : one));
