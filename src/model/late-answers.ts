/** Connections that were answered only when their SYN had been sent again: beyond this host the SYNs before were lost. */
export interface LateAnswers {
  readonly connections: number;
  /** How many SYNs of each were lost, of that with the fewest and of that with the most; null where nobody counted them. */
  readonly lost: Span | null;
  /** When the SYN that was answered had left, in milliseconds since the first one of its connection. */
  readonly after: Span;
}

export interface Span {
  readonly least: number;
  readonly most: number;
}

/** Of one number at least. */
export const spanOf = (numbers: readonly number[]): Span => ({
  least: Math.min(...numbers),
  most: Math.max(...numbers),
});
