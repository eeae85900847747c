import type { Mark } from '../host/machine.ts';
import type { Flow, Proto } from '../model/flow.ts';
import type { SightingKind } from '../model/sighting.ts';
import type { Packet } from '../wire/packet.ts';

/** Somebody outside whose packet is followed. */
export interface Asker {
  address: string | null;
  port: number | null;
}

/** Data on one of the run's connections, and the number by which its packets are told from the handshake's. */
export interface Conversation {
  /** Which probe's connection, counted within the run. */
  readonly over: number;
  /** The number of its packets, counted as the run's own are. */
  readonly probe: number;
  /** Bytes said so far. */
  readonly said: number;
}

/** One run of a question: what makes its packets recognisable at every hop, through any NAT. */
export interface ProbeRun {
  readonly flow: Flow;
  /** How many probes, and the number of the first: kinds count their own from 0. */
  readonly count: number;
  readonly first: number;
  /** Four random bytes at the start of every payload that is ours. */
  readonly token: number;
  /** IP length in bytes of each probe, unlike other traffic's; TCP's SYN has none of its own. */
  readonly lengths: readonly number[];
  /** Source port of each probe as its socket has it; null for ICMP, and before it is sent where none was free by itself. */
  readonly ports: readonly (number | null)[];
  /** Where a DNAT is expected to lead; the flow's own address without one. */
  readonly realDestination: string;
  readonly realPort?: number | null;
  /** For a flow from outside: who asks, once the first packet has told. */
  readonly asker?: Asker;
  /** TCP: initial sequence number of each probe, learned from the first hop that shows it. */
  readonly sequences: Map<number, number>;
  /** Source ports that a NAT gave to probes, learned from the hops that show them, and whose each is. */
  readonly rewritten?: Map<number, number>;
  /** nft expressions that match its packets and answers, where those of runs to come are to match too. */
  readonly traced?: readonly string[];
  /** TCP: what is said over one of the connections, once it has begun. */
  conversation?: Conversation;
}

/** IP lengths in bytes between which a probe's is drawn; the same twice where its protocol leaves no choice. */
export interface Lengths {
  readonly least: number;
  readonly most: number;
}

/** Odd sizes between a small ping and a full segment, which ordinary traffic seldom has. */
export const SHORTEST = 150;
const LONGEST = 1100;

/** Of a protocol that leaves the choice. */
export const anyLength = (): Lengths => ({ least: SHORTEST, most: 65_535 });

export interface Recognised {
  readonly kind: SightingKind;
  readonly probe: number;
  readonly says: string | null;
}

/** One kind of probe. */
export interface ProbeKind {
  readonly proto: Proto;
  readonly socket: 'icmp' | 'tcp' | 'udp';
  /** Which IP lengths whoever answers is bound to read; null where the kernel makes the packet. */
  lengths(flow: Flow): Lengths | null;
  /** Do its answers come from a port that nobody knows beforehand (RFC 1350)? */
  fromAnyPort?(flow: Flow): boolean;
  /** Payload of one probe; TCP has none. */
  payload(run: ProbeRun, probe: number): Uint8Array | undefined;
  /** pcap-filter(7) expression that lets the probe, its answers and errors about it through, and little else. */
  filter(run: ProbeRun): string;
  /**
   * What an answer to one of these probes must have in it, for the kernel to keep everything else from the socket;
   * none where an answer may hold anything.
   */
  marks(run: ProbeRun, probes: readonly number[]): readonly Mark[];
  /** What the packet is to this run; null: nothing. */
  recognise(run: ProbeRun, packet: Packet): Recognised | null;
  /** Which probe a datagram that the socket received answers; null: none of ours. */
  answers(run: ProbeRun, bytes: Uint8Array, socket: number): Answering | null;
}

/** What the socket received, as an answer to one probe. */
export interface Answering {
  readonly probe: number;
  readonly says: string | null;
  /** Why whoever speaks the port's protocol would not be content with it. */
  readonly amiss?: string;
}

export const probeKind = (kind: ProbeKind): ProbeKind => kind;

/** Are its lengths drawn for the run alone, so that a probe is known by its own? */
export function hasOwnLength(kind: ProbeKind, flow: Flow): boolean {
  const lengths = kind.lengths(flow);
  return lengths !== null && lengths.least < lengths.most;
}

/** The IP length of each probe of a run: one behind the other from a length that is drawn. */
export function drawLengths(
  kind: ProbeKind,
  flow: Flow,
  count: number,
  random: (min: number, max: number) => number,
): number[] {
  const { least, most } = kind.lengths(flow) ?? anyLength();
  if (least === most) return Array.from({ length: count }, () => least);
  const base = random(least, least > LONGEST ? most - count : Math.min(LONGEST, most - count));
  return Array.from({ length: count }, (_, probe) => base + probe);
}

/** IP and transport header in front of an ICMP or UDP payload. */
export const headers = (flow: Flow): number => (flow.family === 6 ? 48 : 28);

/** A payload of the probe's own length: token, number of the probe, then a pattern. */
export function ownPayload(run: ProbeRun, probe: number): Uint8Array {
  const bytes = Buffer.alloc((run.lengths[probe] ?? 64) - headers(run.flow));
  for (let at = 5; at < bytes.length; at++) bytes[at] = at & 0xff;
  bytes.writeUInt32BE(run.token, 0);
  bytes[4] = probe;
  return bytes;
}

/** Reads back which probe a payload belongs to. */
export function ownProbe(run: ProbeRun, payload: Uint8Array): number | null {
  if (payload.length < 5) return null;
  const view = new DataView(payload.buffer, payload.byteOffset);
  const probe = payload[4] ?? 0;
  return view.getUint32(0) === run.token && probe < 255 ? probe : null;
}
