/** What a repair is asked to do, what it tells on the way, and what it comes to. */
import type { Machine } from '../host/machine.ts';
import type { Diagnosis, Repair } from '../model/diagnosis.ts';
import type { Change } from '../model/fix.ts';
import type { Bystanders } from './bystanders.ts';
import type { Allowed, Offer } from './choose.ts';
import type { Entry } from './journal/entry.ts';
import type { Judgement } from './verify.ts';

/** What is told while it repairs. */
export type RepairEvent =
  | { readonly type: 'offer'; readonly offer: Offer; readonly extra: readonly Change[] }
  | { readonly type: 'refused'; readonly offer: Offer; readonly because: string }
  | { readonly type: 'applied'; readonly entry: Entry }
  | { readonly type: 'failed'; readonly entry: Entry; readonly because: string }
  | {
      readonly type: 'judged';
      readonly offer: Offer;
      readonly entry: Entry;
      readonly judgement: Judgement;
      /** Why an answer was not taken for one; null where the judgement says it all. */
      readonly because: string | null;
      readonly before: Diagnosis;
      readonly after: Diagnosis;
      readonly kept: boolean;
    }
  /** It still does not work in the end: what was kept on the way is taken back. */
  | { readonly type: 'returned'; readonly entries: readonly Entry[] }
  | { readonly type: 'persist-note'; readonly says: string };

export interface RepairRequest {
  readonly machine: Machine;
  /** The original question, asked again; the same probe on the same path. */
  readonly ask: () => Promise<Diagnosis>;
  readonly allowed: Allowed;
  readonly persist: boolean;
  /** Shows what would be done, and does nothing. */
  readonly dryRun: boolean;
  readonly rollbackAfter: number | null;
  /** Says yes or no to one offer. `--yes` answers for all of them. */
  readonly agree: (offer: Offer, extra: readonly Change[]) => Promise<boolean>;
  /**
   * Lets a person type the name of what a dangerous fix changes; resolves with what was typed. Where nobody can, a
   * dangerous fix is not made, whatever `agree` says.
   */
  readonly typeName?: (name: string) => Promise<string>;
  readonly tell: (event: RepairEvent) => void;
  /** Starts the process that takes the entry back when its time is over. */
  readonly startRollback: (entry: Entry) => Promise<void> | void;
  /** An interruption: what has not been judged by then is taken back. */
  readonly signal?: AbortSignal;
  /** Milliseconds before a question whose answer is not healthy is asked a second time; 1000 unless told. */
  readonly settling?: number;
  /** The number of the one fix that is meant; absent: every fix in turn. */
  readonly only?: string;
  /** Keeps what helped, although the question is not answered in the end. */
  readonly keepPartial?: boolean;
  /** Finds whose flows a change must not lose; those of the neighbourhood unless told. */
  readonly bystanders?: (first: Diagnosis) => Promise<Bystanders>;
}

export interface RepairResult {
  readonly repairs: readonly Repair[];
  /** The last answer to the original question. */
  readonly last: Diagnosis;
}
