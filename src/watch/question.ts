/** What a watch is asked for, what it tells on its way, and how it ends. */
import type { Dropped } from '../capture/drops.ts';
import type { Into } from '../capture/save/saving.ts';
import type { Rule, Unknown } from '../model/evidence.ts';
import type { Flow } from '../model/flow.ts';
import type { Hop } from '../model/path.ts';
import type { Question } from '../model/question.ts';
import type { Target } from '../model/target.ts';
import type { Change } from './change/change.ts';
import type { Saved } from './save/saved.ts';
import type { Lost, Trial } from './trial.ts';

export interface WatchQuestion {
  readonly question: Question;
  /** Seconds between two probes. */
  readonly interval: number;
  /** Seconds after which it ends by itself; null: somebody ends it. */
  readonly duration: number | null;
  /** Seconds that are looked at beside the whole run. */
  readonly window: number;
  /** Is everything armed from the beginning, and not only when something is lost? */
  readonly armed: boolean;
  readonly into: Into | null;
}

/** The way that is watched, hop by hop. */
export interface Course {
  readonly target: Target;
  readonly flow: Flow;
  readonly hops: readonly Hop[];
  /** By number of the hop: is somebody looking? */
  readonly watched: readonly boolean[];
  /** Why nobody is, by number of the hop. */
  readonly blind: ReadonlyMap<number, string>;
}

/** A probe that was not answered, and what the kernel says of it. */
export interface Loss {
  readonly trial: Trial;
  readonly lost: Lost;
  readonly dropped: Dropped | null;
  readonly rule: Rule | null;
}

export type WatchEvent =
  | ({ readonly type: 'watching' } & Course)
  | { readonly type: 'trial'; readonly trial: Trial }
  | ({ readonly type: 'loss' } & Loss)
  | { readonly type: 'change'; readonly change: Change };

/** How it ended. */
export interface Ended {
  /** Frames that are in a file, the files, and why not all of them are; null: nothing was to be saved. */
  readonly saved: Saved | null;
  /** Probes whose fate nobody knows yet. */
  readonly underWay: number;
  /** Of each hop, frames for which the kernel had no room. */
  readonly missed: readonly number[];
  /** What could not be looked at, and why. */
  readonly unknown: readonly Unknown[];
}
