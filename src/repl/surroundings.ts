/** What a conversation may ask of the rest of the program. The real ones are joined in tui; tests bring their own. */
import type { Source } from '../model/answer.ts';
import type { Event } from '../model/event.ts';
import type { Question } from '../model/question.ts';
import type { Candidate } from '../model/target.ts';

export interface Listed {
  readonly candidates: readonly Candidate[];
  /** Runtimes that did not answer, and why. */
  readonly silent: readonly string[];
}

export interface Surroundings {
  /** Asks the engine; throws a Failure for a call that is wrong or cannot look. */
  diagnose(question: Question, signal: AbortSignal): AsyncIterable<Event>;
  /** Everything that can be a target, live from the machine. */
  targets(): Promise<Listed>;
  /** Every command netdoctor has run so far, oldest first. */
  commandsRun(): readonly Source[];
  /** Writes a file that the person named; what went wrong, or null. */
  save(file: string, text: string): string | null;
  /** Version of netdoctor, and of the system it runs on, for reports. */
  readonly versions: readonly string[];
}
