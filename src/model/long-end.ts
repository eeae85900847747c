import type { Ailment } from './ailment.ts';
import type { Rule } from './evidence.ts';
import type { Side } from './facts.ts';
import type { Place } from './place.ts';

/** A rule that ends the long packets of a flow whose short ones are answered, as it reads: none was sent. */
export interface LongEnd {
  readonly rule: Rule;
  /** False where the rule, or one before it, asks something that cannot be said from here. */
  readonly sure: boolean;
  readonly side: Side;
  readonly hook: string;
  /** Where the packet would be lost. */
  readonly place: Place;
  /** The packet as it would meet the rule, by the names of its interfaces. */
  readonly packet: {
    readonly source: string;
    readonly destination: string;
    readonly sourcePort: number | null;
    readonly destinationPort: number | null;
    readonly in: string | null;
    readonly out: string | null;
  };
  /** IP length of a full segment, in bytes. */
  readonly length: number;
  /** A connection of the target's programs to the same end, of which what they sent is repeated in vain. */
  readonly stalled?: Ailment;
  /** What it has carried, where the rule ends it for that. */
  readonly transfer?: Transfer;
}

/** Bytes and packets there and back, as connection tracking counts them. */
export interface Transfer {
  readonly bytes: number;
  readonly packets: number;
  /** Bytes of data that this host has counted for the socket beyond what came to it, what was sent again too; null: of what went out. */
  readonly missing: number | null;
  /** The entry, as conntrack(8) prints it. */
  readonly entry: string;
}
