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

export interface Source {
  readonly name: string;
  /** What the kernel tells that makes it worth reading again; none: it is read every time. */
  readonly woken: readonly StateNote['kind'][];
  read(machine: Machine, place: Place): Promise<Answer<State>>;
}

export const source = (one: Source): Source => one;
