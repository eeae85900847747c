import type { Hop, Path, StageKind } from './path.ts';
import type { Direction, Passage } from './sighting.ts';

/** Where packets of the probe stop: after the last hop that saw them, before the first that did not. */
export interface Place {
  readonly direction: Direction;
  readonly stage: StageKind;
  /** Index of the stage in `path.stages`. */
  readonly index: number;
  readonly after: Hop | null;
  readonly before: Hop | null;
  /** The interface beside the path that the packets were seen on last, where they were. */
  readonly beside?: Passage;
}

/** The place of the stage `index` as a packet of that direction meets it. */
export function placeAt(path: Path, index: number, direction: Direction): Place {
  const left = path.hops[index - 1] ?? null;
  const right = path.hops[index] ?? null;
  const [after, before] = direction === 'request' ? [left, right] : [right, left];
  return { direction, stage: path.stages[index] ?? 'beyond', index, after, before };
}

/** The contract's `between`: hop ids, null at an end. */
export const between = (place: Place): [string | null, string | null] => [
  place.after?.id ?? null,
  place.before?.id ?? null,
];

/** How the question ended, seen from its sender. */
export interface Symptom {
  /**
   * `answered` all came back · `not-sent` the sender's own kernel refused at once · `lost` vanished inside this host ·
   * `silence` left this host and nothing came back · `refused` a RST or port-unreachable · `error` another ICMP error ·
   * `undelivered` the answer reached the source's interface and not its socket.
   */
  readonly kind: 'answered' | 'not-sent' | 'lost' | 'silence' | 'refused' | 'error' | 'undelivered';
  /** errno name the sender's socket gave. */
  readonly errno: string | null;
  /** Who sent the RST or ICMP error, and what it says. */
  readonly from: string | null;
  readonly says: string | null;
  /** The hop at which that answer was first seen, in its own direction of travel. */
  readonly bornAt: string | null;
}
