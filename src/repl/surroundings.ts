/** What a conversation may ask of the rest of the program. The real ones are joined in tui; tests bring their own. */
import type { Source } from '../model/answer.ts';
import type { Event } from '../model/event.ts';
import type { Candidate } from '../model/target.ts';
import type { Settings, Wish } from './wish.ts';

export interface CauseWords {
  readonly id: string;
  readonly title: string;
  readonly explain: string;
}

/** One veth pair, both ends. */
export interface VethPair {
  readonly host: string;
  readonly container: string;
  readonly inside: string;
}

export interface Surroundings {
  /** Asks the engine; throws a Failure for a call that is wrong or cannot look. */
  diagnose(wish: Wish, settings: Settings, signal: AbortSignal): AsyncIterable<Event>;
  /** Everything that can be a target, live from the machine. */
  candidates(): Promise<readonly Candidate[]>;
  /** Every command netdoctor has run so far, oldest first. */
  commandsRun(): readonly Source[];
  /** Writes a file that the person named; resolves with a sentence when it could not. */
  save(file: string, text: string): string | null;
  readonly causes: readonly CauseWords[];
  readonly version: string;
  /** `Linux 6.18.0 x86_64`, for reports. */
  readonly system: string;
}
