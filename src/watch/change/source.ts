/** Where state is read that is compared: a file in sources/ is one of them. */
import type { Machine, StateNote } from '../../host/machine.ts';
import type { Answer } from '../../model/answer.ts';
import type { Netns } from '../../model/netns.ts';
import type { Where } from '../../model/path.ts';
import type { State } from './state.ts';

/** A namespace that the way goes through. */
export interface Place {
  readonly where: Where;
  readonly netns: Netns | null;
  /** Interfaces of the way in it, and the bridges that they are ports of. */
  readonly devices: readonly string[];
  /** Addresses that the way needs resolved. */
  readonly neighbours: readonly string[];
}

/** The state of one namespace, again and again. */
export interface Reading {
  read(): Answer<State> | Promise<Answer<State>>;
  close(): void;
}

export interface Source {
  readonly name: string;
  /** What the kernel tells that makes it worth reading again. */
  readonly woken: readonly StateNote['kind'][];
  /** Of what the kernel does not tell: how often it is read all the same. Milliseconds; null: never. */
  readonly every: number | null;
  open(machine: Machine, place: Place): Reading;
}

/** One that holds something open as long as it is read. */
export const held = (one: Source): Source => one;

/** One that is asked anew each time. */
export const source = ({
  read,
  ...rest
}: Omit<Source, 'open'> & {
  read(machine: Machine, place: Place): Promise<Answer<State>>;
}): Source => ({
  ...rest,
  open: (machine, place) => ({ read: () => read(machine, place), close() {} }),
});
