/** What is asked beside the question itself, because programs would meet it. */
import type { Diagnosis } from '../model/diagnosis.ts';
import type { Evidence, Unknown } from '../model/evidence.ts';
import type { Flow } from '../model/flow.ts';
import type { Diagnosed } from './diagnose-flow.ts';

/** Looks at a flow closely; null when it was interrupted. */
export type Look = (flow: Flow, addresses: readonly string[]) => Promise<Diagnosed | null>;

/** What it comes to. */
export interface Aside {
  /** Decides with the others, or in their place. */
  readonly diagnosis?: Diagnosis;
  readonly replaces?: boolean;
  readonly note?: Unknown;
  readonly says?: Evidence;
}
