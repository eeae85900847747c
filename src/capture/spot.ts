/** An interface that is listened to, and a packet as it was seen there. */
import type { Netns } from '../model/netns.ts';
import type { Where } from '../model/path.ts';

export interface Spot {
  /** A hop's id: `host/docker0`. */
  readonly id: string;
  readonly name: string;
  /** As files and lines call it: `docker0`, `eth0@web`. */
  readonly label: string;
  readonly where: Where;
  readonly kind: string;
  readonly netns: Netns | null;
  readonly ifindex: number;
  /** Name of the bridge it is a port of. */
  readonly master: string | null;
  readonly about: string;
  /** With prefix length. */
  readonly addresses: readonly string[];
  readonly mac: string | null;
  /**
   * Whose packets pass: the target's alone (`own`), others' too, told apart by its addresses (`addresses`), or others'
   * too, and the target's may have the addresses of a NAT (`translated`).
   */
  readonly passes: 'own' | 'addresses' | 'translated';
  /** Nobody asked for it: it only tells whose the packets of another one are. */
  readonly hidden?: true;
}

export interface Seen {
  /** Number of its spot. */
  readonly spot: number;
  /** Nanoseconds since 1970, UTC. */
  readonly at: bigint;
  readonly direction: 'in' | 'out' | null;
  /** EtherType of what begins at `header`. */
  readonly type: number;
  readonly bytes: Uint8Array;
  /** Where in `bytes` the network header begins. */
  readonly header: number;
  /** Of the whole frame from where `bytes` begin. */
  readonly length: number;
}

/** What of a frame follows its link header. */
export const networkPart = ({ bytes, header }: Seen): Uint8Array => bytes.subarray(header);
