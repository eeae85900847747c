import type { Machine } from '../host/machine.ts';

/** How a kind of file takes a new setting. */
export interface Merge {
  readonly matches: (file: string) => boolean;
  /** The file's text with the fragment in it; throws with a sentence where it cannot be merged. */
  readonly merge: (before: string, fragment: string) => string | Promise<string>;
  /** Asks the owner whether the text is right; a sentence where it is not. */
  readonly validate?: (machine: Machine, text: string) => Promise<string | null>;
}
