import type { Family } from './flow.ts';
import type { Header } from './header.ts';

export type Direction = 'request' | 'reply';

/** What a captured packet was, in view of the probe. */
export type SightingKind = Direction | 'error' | 'refusal' | 'neighbour';

/** One packet of the probe (or an answer to it) seen on one hop. */
export interface Sighting {
  readonly hop: string;
  readonly kind: SightingKind;
  /** Which probe, counted from 0; -1 where that cannot be said (ARP, ND). */
  readonly probe: number;
  /** Microseconds since the first probe left. */
  readonly at: number;
  readonly source: string;
  readonly destination: string;
  readonly sourceMac: string | null;
  readonly destinationMac: string | null;
  readonly family: Family;
  readonly sourcePort: number | null;
  readonly destinationPort: number | null;
  /** IP length in bytes. */
  readonly length: number;
  readonly ttl: number | null;
  /** Of a TCP segment its number: RFC 9293, 3.4. */
  readonly sequence?: number;
  /** Of a request, and of the answer to a SYN: what else its headers say. */
  readonly header?: Header;
  /** Of a `neighbour`: the frame from its Ethernet header on, in hexadecimal digits. */
  readonly frame?: string;
  /** For `error`: who says so and what, e.g. `host unreachable`; for `neighbour`: the question or answer. */
  readonly says: string | null;
}

/** Did it come back to who asked, whatever it says? */
export const isAnswer = ({ kind }: Pick<Sighting, 'kind'>): boolean =>
  kind !== 'request' && kind !== 'neighbour';

/**
 * One packet of the probe as it passed an interface of a namespace that the flow touches, on the path of the request or
 * beside it: an answer has a way of its own. `hop` is written like a hop's id (`host/eth1`).
 */
export interface Passage extends Sighting {
  readonly where: 'container' | 'host' | 'other';
  readonly device: string;
  readonly heading: 'in' | 'out';
  /** Is the interface one of the path's own? */
  readonly onPath: boolean;
  /** Addressed to somebody else's MAC address. */
  readonly foreign: boolean;
}

/** A namespace whose interfaces beside the path could not be watched, or not all the time. */
export interface Unwatched {
  readonly where: Passage['where'];
  readonly because: string;
}

/** What the sender's socket heard. */
export interface ProbeOutcome {
  readonly probe: number;
  readonly result: 'answered' | 'refused' | 'error' | 'silent' | 'not-sent';
  /** Microseconds until the answer. */
  readonly microseconds: number | null;
  /** errno name of a local or ICMP error: `ENETUNREACH`, `EPERM`, `ECONNREFUSED`, … */
  readonly errno: string | null;
  readonly says: string | null;
  /** Of a datagram that came back: why whoever speaks the port's protocol would not be content with it. */
  readonly amiss?: string;
}

/** That of a probe of which nothing was heard. */
export const silent = (probe: number): ProbeOutcome => ({
  probe,
  result: 'silent',
  microseconds: null,
  errno: null,
  says: null,
});
