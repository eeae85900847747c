import { type Command, command } from './netns.ts';

export type Risk = 'safe' | 'disruptive' | 'dangerous';

/** A change to the machine: a program run, or a file written whole. */
export type Change =
  | { readonly run: Command }
  | {
      readonly file: string;
      readonly before: string | null;
      readonly after: string | null;
      readonly mode: string;
    };

/** A way to mend one finding, with the way back. */
export interface Fix {
  readonly title: string;
  readonly risk: Risk;
  /** How long it lasts: `until reboot`, `until docker restarts`, `for good`. */
  readonly lasts: string;
  readonly apply: readonly Change[];
  readonly undo: readonly Change[];
  readonly persist?: readonly Change[];
  /** What else on this host it affects; shown before it is applied. */
  readonly affects?: string;
  /** What a person must type for a dangerous one: the name of the thing changed. */
  readonly confirm?: string;
  /** It leads the flow elsewhere on purpose: what answers afterwards may be another than before. */
  readonly leads?: true;
  /** Whose record names the address that it adds: without one, nobody has configured it, and adding it is not safe. */
  readonly configured?: string;
}

/** `sysctl -w key=value` in a namespace. */
export const run = (argv: readonly [string, ...string[]], netns?: Command['in'] | null): Change => ({
  run: command(argv, netns),
});
