/** What goes wrong in a target's own traffic, as its packets show it. */
import type { Dropped } from '../../capture/drops.ts';
import type { Journey } from '../../capture/journeys.ts';
import type { Ends } from '../../capture/print.ts';
import type { Spot } from '../../capture/spot.ts';
import type { Holder } from '../../model/socket.ts';

export const TROUBLES = [
  'syn-unanswered',
  'sent-again',
  'reset',
  'refused',
  'icmp-error',
  'dns-unanswered',
  'dns-error',
] as const;
export type Kind = (typeof TROUBLES)[number];

/** How far a packet came: the last that saw it. */
export interface Reach {
  /** Number of the spot. */
  readonly after: number;
  /** It left this host, or arrived at the target: whatever became of it became of it there. */
  readonly through: boolean;
  readonly dropped: Dropped | null;
}

export interface Trouble {
  readonly kind: Kind;
  /** Nanoseconds since 1970: when the packet passed that it is about. */
  readonly at: bigint;
  /** Of the conversation, as the target has it: who began it first. */
  readonly ends: Ends;
  /** Of the packet that it is about: the question, the segment that was sent again, the reset, the error. */
  readonly reach: Reach;
  /** How far the answer came that never arrived; null: none was seen. */
  readonly answer: Reach | null;
  readonly says: string;
  readonly program: Holder | null;
}

export function reachOf({ steps }: Journey, dropped: Dropped | null, spots: readonly Spot[]): Reach {
  const { spot: after, direction } = steps.at(-1)!;
  const last = spots[after];
  const left = last?.where !== 'container' && direction === 'out' && leadsOut(last);
  const arrived = last?.where === 'container' && direction === 'in';
  return { after, through: left || arrived, dropped };
}

const leadsOut = (spot: Spot | undefined): boolean =>
  spot?.kind === 'uplink' || spot?.passes === 'translated';
