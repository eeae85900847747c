/** What the machine was asked, as an argument list a person can run again. */
export type Source = readonly string[];

/** Why something could not be looked at. */
export type Because =
  | 'no-permission'
  | 'no-such-tool'
  | 'timeout'
  | 'vanished'
  | 'unreadable'
  | 'unsupported'
  | 'not-asked';

export interface Known<T> {
  readonly known: true;
  readonly value: T;
  readonly source: Source;
}

export interface NotKnown {
  readonly known: false;
  readonly because: Because;
  /** One sentence, already stripped of control characters. */
  readonly detail: string;
  readonly source: Source;
}

/** Either what the machine said, or why it did not. Never a guess. */
export type Answer<T> = Known<T> | NotKnown;

export const known = <T>(value: T, source: Source): Known<T> => ({ known: true, value, source });

export const notKnown = (because: Because, detail: string, source: Source): NotKnown => ({
  known: false,
  because,
  detail,
  source,
});

/** Applies `change` to a known value; a parser that throws makes the answer `unreadable`. */
export function mapAnswer<T, U>(answer: Answer<T>, change: (value: T) => U): Answer<U> {
  if (!answer.known) return answer;
  try {
    return known(change(answer.value), answer.source);
  } catch (error) {
    return notKnown('unreadable', error instanceof Error ? error.message : String(error), answer.source);
  }
}
