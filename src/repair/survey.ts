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

/** Two changes of one thing share one look at it. */
const keyOf = (change: Change, subject: Subject): string =>
  `${'run' in change ? (change.run.in?.path ?? '') : ''} ${subject.what}`;

/** Settings and neighbours of an interface that the same fix makes: they come with it and go with it. */
function comeWith(changes: readonly Change[]): (change: Change) => boolean {
  const argvs = changes.flatMap((change) => ('run' in change ? [change.run.argv] : []));
  const made = argvs.flatMap((argv) => (/^ip link add \S/.test(argv.join(' ')) ? [argv[3]] : []));
  return (change) => {
    const line = 'run' in change ? change.run.argv.join(' ') : '';
    const setting = /^sysctl .*\bnet\.ipv[46]\.\w+\.([^.=]+)\./.exec(line);
    const neighbour = /^ip neighbor .* dev (\S+)/.exec(line);
    return made.includes((setting ?? neighbour)?.[1]);
  };
}

export async function survey(machine: Machine, changes: readonly Change[]): Promise<Surveyed[]> {
  const looks = new Map<string, Promise<Answer<State>>>();
  const isMade = comeWith(changes);
  return Promise.all(
    changes.map(async (change) => {
      const subject = isMade(change) ? null : subjectOf(change);
      if (subject === null) return { change, subject, state: null };
      const key = keyOf(change, subject);
      const look = looks.get(key) ?? readSubject(machine, change, subject);
      looks.set(key, look);
      const state = await look;
      return { change, subject, state };
    }),
  );
}
