import { milliseconds, ratio } from './figures.ts';

/** One thing that is measured: a file of `parts`. */
export interface Part {
  readonly title: string;
  /** What was done, in a sentence or two. */
  readonly how: string;
  /** Measures; `rounds` is how often each thing is done. */
  measure(rounds: number): Promise<readonly Row[]>;
}

export interface Row {
  readonly what: string;
  readonly got: string;
  /** What it was meant to be, and whether it is; absent where it is only told. */
  readonly aim?: { readonly words: string; readonly met: boolean };
}

/** An aim that is an upper bound. */
export const atMost = (limit: number, value: number): NonNullable<Row['aim']> => ({
  words: `at most ${limit}`,
  met: value <= limit,
});

/** An aim that is a lower bound. */
export const atLeast = (limit: number, value: number): NonNullable<Row['aim']> => ({
  words: `at least ${limit}`,
  met: value >= limit,
});

/** A time in milliseconds, and how much of the start of a plain Node.js it is; `aim`: the most that this may be. */
export function besidePlain(time: number, plain: number, aim?: number): Omit<Row, 'what'> {
  const share = time / plain;
  const got = `${milliseconds(time)} (${ratio(share)} of Node.js itself)`;
  return aim === undefined ? { got } : { got, aim: atMost(aim, share) };
}
