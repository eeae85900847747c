/** What a set-up tells as it goes. The wizard, the plain text and the JSON document are folds over these. */
import type { Recipe } from './recipe.ts';

export type StepState = 'already' | 'running' | 'done' | 'skipped' | 'failed' | 'undone';

export interface StepPreview {
  readonly title: string;
  readonly why: string;
  /** Is it so already? */
  readonly already: boolean;
  readonly commands: readonly (readonly string[])[];
  readonly undo: readonly (readonly string[])[];
}

export interface Proof {
  readonly from: string;
  readonly to: string;
  readonly proto: string;
  /** What must be: an answer, or none. */
  readonly wanted: 'answered' | 'silent';
  /** Null: it could not be tried. */
  readonly found: 'answered' | 'silent' | null;
  readonly holds: boolean;
  /** A sentence: what came back, or where it stopped. */
  readonly says: string;
}

export type SetupStatus = 'done' | 'planned' | 'not-proved' | 'failed' | 'unwound' | 'quit' | 'stuck';

export type SetupEvent =
  | { readonly type: 'recipe'; readonly recipe: Recipe; readonly answers: Readonly<Record<string, string>> }
  | { readonly type: 'plan'; readonly steps: readonly StepPreview[] }
  | {
      readonly type: 'step';
      readonly index: number;
      readonly state: StepState;
      readonly because: string | null;
      readonly hint: string | null;
    }
  | { readonly type: 'command'; readonly index: number; readonly command: readonly string[] }
  | { readonly type: 'proving'; readonly from: string; readonly to: string; readonly of: number }
  | { readonly type: 'proof'; readonly proof: Proof }
  | { readonly type: 'tell'; readonly says: string }
  | {
      readonly type: 'end';
      readonly status: SetupStatus;
      readonly journal: string | null;
      /** What went wrong, in a sentence. */
      readonly because: string | null;
      readonly hint: string | null;
    };
