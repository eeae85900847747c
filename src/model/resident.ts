import type { Netns } from './netns.ts';

/** A namespace of this host, beside the path, that holds an address the flow asks for. */
export interface Resident {
  readonly address: string;
  readonly netns: Netns;
  /** `the namespace lab-c`, `the namespace of process 4711`. */
  readonly name: string;
}

/** `isWhole`: every namespace beside the path could be looked into. */
export interface Residents {
  readonly found: readonly Resident[];
  readonly isWhole: boolean;
}
