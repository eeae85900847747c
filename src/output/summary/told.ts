import type { Status } from '../../model/diagnosis.ts';
import type { Unknown } from '../../model/evidence.ts';
import type { Place } from '../../model/place.ts';
import type { Scene } from '../../model/scene.ts';

/** What the one sentence of a diagnosis is made of. */
export interface Told extends Pick<Scene, 'target' | 'flow' | 'symptom' | 'outcomes'> {
  readonly status: Status;
  /** Null where packets vanish nowhere, or nobody can say where. */
  readonly place: Place | null;
  /** The cause's `what`; null where only the place is known. */
  readonly what: string | null;
  readonly sent: number;
  readonly answered: number;
  readonly unknown: readonly Unknown[];
  /** Handshakes were answered, and this is about the data that follows them. */
  readonly data?: boolean;
  /** Small packets were answered, and this is about a full-size one. */
  readonly fullSize?: boolean;
  /** What came instead of the greeting of a server that speaks first; absent: nothing is known to be wrong with it. */
  readonly unsaid?: string | undefined;
  /** What counts as lost was answered when it had been sent again. */
  readonly late?: boolean;
  /** By which interfaces of this host it went on, where it is for many at once, of whom nobody need answer. */
  readonly wentBy?: readonly string[] | undefined;
  /** Who holds the address asked for, where that is the one who asks or the host between: not what a person expects. */
  readonly heldBy?: string | undefined;
}
