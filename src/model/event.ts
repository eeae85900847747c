import type { Diagnosis } from './diagnosis.ts';
import type { Drop, WitnessName } from './evidence.ts';
import type { RuleHit } from './facts.ts';
import type { Flow } from './flow.ts';
import type { Path } from './path.ts';
import type { Control } from './scene.ts';
import type { ProbeOutcome, Sighting } from './sighting.ts';
import type { Target } from './target.ts';

/** What the engine tells as it goes. Every front end is a fold over these. */
export type Event =
  | { readonly type: 'target'; readonly target: Target }
  | { readonly type: 'flow'; readonly flow: Flow }
  | { readonly type: 'path'; readonly path: Path }
  /** A witness stands ready on a hop (or everywhere, `at` null), or says why it cannot. */
  | {
      readonly type: 'armed';
      readonly witness: WitnessName;
      readonly at: string | null;
      readonly because: string | null;
    }
  | { readonly type: 'sent'; readonly probe: number; readonly of: number }
  | { readonly type: 'sighting'; readonly sighting: Sighting }
  | { readonly type: 'outcome'; readonly outcome: ProbeOutcome }
  | { readonly type: 'control'; readonly control: Control }
  | { readonly type: 'drop'; readonly drop: Drop }
  | { readonly type: 'rule'; readonly hit: RuleHit }
  /** What is waited for, and how long at most. */
  | { readonly type: 'waiting'; readonly what: string; readonly milliseconds: number }
  | { readonly type: 'diagnosis'; readonly diagnosis: Diagnosis };

export type EventOf<T extends Event['type']> = Extract<Event, { type: T }>;
