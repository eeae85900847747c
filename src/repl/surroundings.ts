/** What a conversation may ask of the rest of the program. The real ones are joined in tui; tests bring their own. */
import type { VethPair } from '../discover/veth.ts';
import type { Source } from '../model/answer.ts';
import type { Diagnosis } from '../model/diagnosis.ts';
import type { Event } from '../model/event.ts';
import type { Failing } from '../model/failing.ts';
import type { LookUpDocument } from '../model/look-up.ts';
import type { HostMap } from '../model/map.ts';
import type { Question } from '../model/question.ts';
import type { Candidate } from '../model/target.ts';
import type { Glyphs } from '../output/glyphs.ts';
import type { Line } from '../output/line/span.ts';
import type { Entry } from '../repair/journal/entry.ts';
import type { RepairRequest, RepairResult } from '../repair/request.ts';
import type { Undone } from '../repair/undo.ts';
import type { CaptureWish } from './capture-wish.ts';
import type { WatchWish } from './watch-wish.ts';

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
  /** Finds the one target of that name. @throws Failure that says why there is none, and what to type */
  find(name: string): Promise<unknown>;
  /** The same as `targets`, with the addresses that are known only inside each namespace. */
  inventory(): Promise<Listed>;
  /** Which interface of this host belongs to which of a container. @throws Failure */
  veths(): Promise<{ readonly pairs: readonly VethPair[]; readonly silent: readonly string[] }>;
  /** How the target's programs look this name up. @throws Failure */
  lookUp(target: string, name: string): Promise<LookUpDocument>;
  /** What the target's own programs fail at now, the worst first. @throws Failure */
  failing(target: string): Promise<readonly Failing[]>;
  /** Captures every hop until `signal`, and tells its lines as they come; resolves with the last ones. @throws Failure */
  capture(
    wish: CaptureWish,
    view: { readonly glyphs: Glyphs; readonly columns: number },
    onLines: (lines: readonly string[]) => void,
    signal: AbortSignal,
  ): Promise<readonly string[]>;
  /** Watches until `signal`, and tells what happens as it does; resolves with the whole. @throws Failure */
  watch(
    wish: WatchWish,
    view: { readonly glyphs: Glyphs; readonly columns: number },
    onLines: (lines: readonly Line[]) => void,
    signal: AbortSignal,
  ): Promise<readonly Line[]>;
  /** Makes, proves and takes back, as `repair` does. @throws Failure */
  repair(first: Diagnosis, request: Omit<RepairRequest, 'machine' | 'startRollback'>): Promise<RepairResult>;
  /** Takes one change set back: the one named, or the newest that stands. Null: there is none. @throws Failure */
  undo(id: string | null, force: boolean): Promise<Undone | null>;
  /** Keeps what waits to be rolled back. @throws Failure */
  keep(): Promise<readonly Entry[]>;
  /** How namespaces, links, bridges and containers hang together. @throws Failure */
  map(): Promise<HostMap>;
  /** What `setup` can build. */
  recipes(): readonly { readonly name: string; readonly title: string }[];
  /** Every command netdoctor has run so far, oldest first. */
  commandsRun(): readonly Source[];
  /** Writes a file that the person named; what went wrong, or null. */
  save(file: string, text: string): string | null;
  /** Version of netdoctor, and of the system it runs on, for reports. */
  versions(): readonly string[];
}
