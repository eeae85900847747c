import type { Proto } from '../model/flow.ts';

/** What a person asked for in a conversation; what they left open is taken from the question before, or the settings. */
export interface Wish {
  readonly target: string;
  readonly to?: string;
  readonly proto?: Proto;
}

/** Settings that `set` changes, in the words of the command line's options. */
export type Settings = Readonly<Record<string, string>>;
