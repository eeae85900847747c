import type { SightingKind } from './sighting.ts';

/**
 * A packet of a tunnel on the flow's way as it passed an interface of this host outside the tunnel: one that has a packet of
 * the flow in it, or an ICMP error that quotes one of its packets (RFC 792, RFC 4443).
 */
export interface Outer {
  /** The hop that is the tunnel. */
  readonly tunnel: string;
  readonly kind: Exclude<SightingKind, 'neighbour'>;
  /** The probe that is inside; -1 where that cannot be said: an error need not quote so much. */
  readonly probe: number;
  /** Microseconds since the first probe left. */
  readonly at: number;
  readonly device: string;
  readonly heading: 'in' | 'out';
  /** Of the outer packet; of an error who says it, and to whom. */
  readonly source: string;
  readonly destination: string;
  /** Of an error what it says, and for whom the packet was that it quotes. */
  readonly says: string | null;
  readonly about: string | null;
}
