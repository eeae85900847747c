/** The things a fix touches, as they are now. */
import type { Machine } from '../host/machine.ts';
import type { Answer } from '../model/answer.ts';
import type { Change } from '../model/fix.ts';
import type { State } from './state.ts';
import { readSubject, type Subject } from './subject.ts';
import { subjectOf } from './subjects.ts';

export interface Surveyed {
  readonly change: Change;
  readonly subject: Subject | null;
  /** Null where the change is of a kind that nobody knows how to look at. */
  readonly state: Answer<State> | null;
}

/** Something by its name where it is: two namespaces may each have an interface of one name. */
const keyOf = (change: Change, name: string): string =>
  `${'run' in change ? (change.run.in?.path ?? '') : ''} ${name}`;

export async function survey(machine: Machine, changes: readonly Change[]): Promise<Surveyed[]> {
  const looks = new Map<string, Promise<Answer<State>>>();
  const subjects = changes.map(subjectOf);
  const made = new Set(
    changes.flatMap((change, index) => {
      const makes = subjects[index]?.makes;
      return makes === undefined ? [] : [keyOf(change, makes)];
    }),
  );
  return Promise.all(
    changes.map(async (change, index) => {
      const own = subjects[index] ?? null;
      // Settings and neighbours of an interface that the same fix makes come with it and go with it.
      const subject = own?.partOf !== undefined && made.has(keyOf(change, own.partOf)) ? null : own;
      if (subject === null) return { change, subject, state: null };
      // Two changes of one thing share one look at it.
      const key = keyOf(change, subject.what);
      const look = looks.get(key) ?? readSubject(machine, change, subject);
      looks.set(key, look);
      const state = await look;
      return { change, subject, state };
    }),
  );
}
