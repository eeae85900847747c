/** The part of the machine that one command touches, and how to look at it and put it back. */
import type { Machine } from '../host/machine.ts';
import { type Answer, notKnown } from '../model/answer.ts';
import type { Change } from '../model/fix.ts';
import type { Netns } from '../model/netns.ts';
import type { State } from './state.ts';

export type Argv = readonly [string, ...string[]];

/** Where a subject is looked at. */
export interface Look {
  readonly machine: Machine;
  readonly in: Netns | null;
}

export interface Subject {
  /** In plain words: `chain FORWARD of ip filter`, `interface br0`. */
  readonly what: string;
  readonly read: (look: Look) => Promise<Answer<State>>;
  /** The state that must follow, where it can be said beforehand; only what it lists. */
  readonly expected?: (before: State) => State | null;
  /** Changes that lead from one state towards another; called again until nothing differs. */
  readonly restore?: (now: State, wanted: State) => Change[];
  /**
   * The state is a list that others write too (a chain, a routing table's entry): putting it back whole would undo
   * what they did, so a forced undo only takes back its own part.
   */
  readonly shared?: boolean;
  /** The interface that the command makes. */
  readonly makes?: string;
  /** The interface with which it comes and goes. */
  readonly partOf?: string;
}

/** What a file of observe/ exports: the subject of a command, or null where the command is another file's. */
export type Observe = (argv: Argv) => Subject | null;

/** Reads the subject of a change where the change is made. A namespace that is gone is `vanished`. */
export function readSubject(machine: Machine, change: Change, subject: Subject): Promise<Answer<State>> {
  const where = 'run' in change ? (change.run.in ?? null) : null;
  if (where !== null) {
    const there = machine.netns(where.path);
    if (!there.known || there.value.inode !== where.inode)
      return Promise.resolve(
        notKnown('vanished', `${where.path} is no longer the same namespace`, ['stat', where.path]),
      );
  }
  return subject.read({ machine, in: where });
}
