import type { Question } from '../model/question.ts';

/** How a watch is to go. */
export interface WatchManner {
  /** No probe is sent: the target's own traffic is read. */
  readonly passive: boolean;
  /** Where the packets around what goes wrong are kept; null: nowhere. */
  readonly file: string | null;
}

/** A watch as it was asked for. */
export interface WatchWish extends WatchManner {
  /** Of one that is passive, its target counts alone, and how long an answer is waited for. */
  readonly question: Question;
}
