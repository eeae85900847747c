/** What connections have carried, as connection tracking counts it where net.netfilter.nf_conntrack_acct is on. */
import type { Tracked } from '../model/facts.ts';
import type { SocketState } from '../model/socket.ts';
import type { Counting } from './clause.ts';
import { secondsLeft } from './tracked.ts';

interface Amount {
  readonly packets: number;
  /** With the headers of IP and what is in it. */
  readonly bytes: number;
}

export type Carried = Readonly<Record<'original' | 'reply', Amount>>;

/** `packets=9 bytes=4242` behind each direction of a line of conntrack(8); undefined where nothing is counted. */
export function carriedOf({ text }: Pick<Tracked, 'text'>): Carried | undefined {
  const [original, reply] = [...text.matchAll(/\bpackets=(\d+) bytes=(\d+)/g)].map(([, packets, bytes]) => ({
    packets: Number(packets),
    bytes: Number(bytes),
  }));
  return original && reply && { original, reply };
}

/** As a rule asks it: connbytes of iptables-extensions(8), `ct bytes` of nft(8). */
export function amount({ original, reply }: Carried, { way, unit }: Counting): number {
  const of = {
    original,
    reply,
    both: { packets: original.packets + reply.packets, bytes: original.bytes + reply.bytes },
  }[way];
  if (unit !== 'average') return of[unit];
  return of.packets === 0 ? 0 : of.bytes / of.packets;
}

type Ends = Pick<Tracked['original'], 'source' | 'sourcePort' | 'destination' | 'destinationPort'>;

const endsOf = ({ source, sourcePort, destination, destinationPort }: Ends): string =>
  `${source}:${sourcePort} ${destination}:${destinationPort}`;

/** Finds the entry of the connection that a socket began, among those of TCP that are counted. */
export function countedOf(entries: readonly Tracked[]): (socket: Ends) => Tracked | undefined {
  const counted = new Map(
    entries
      .filter(({ proto, text }) => proto === 'tcp' && text.includes(' bytes='))
      .map((entry) => [endsOf(entry.original), entry]),
  );
  return (socket) => counted.get(endsOf(socket));
}

/** For how long an entry of an established connection is kept behind its last packet. Seconds; nf_conntrack-sysctl.rst. */
export interface Kept {
  readonly established: number;
  /** The longest for one that has carried data which nobody has acknowledged yet, or which is sent again and again. */
  readonly unacknowledged: number;
}

/**
 * Is there data that the host has seen and its receiver has not acknowledged? The entry is then kept for less (nf_conntrack_tcp_packet(),
 * net/netfilter/nf_conntrack_proto_tcp.c), and ends sooner than it would if what its socket got last had been the last of it.
 */
function isUnacknowledged(entry: Tracked, silent: number, kept: Kept | null): boolean {
  const left = secondsLeft(entry);
  if (kept === null || left === null) return false;
  return left <= kept.unacknowledged && left + silent / 1000 + 1 < kept.established;
}

/** Nothing has come for so long: whoever is answered at all is sent the next segment by then. Milliseconds. */
const STILL = 1000;
/** What is sent again in vain may have come too, once: more than a segment is missing. Bytes. */
const MARGIN = 1500;

/**
 * Has the host seen data come back for the connection that never came to its socket? Connection tracking counts what comes in,
 * before the rules of forwarding see it. What is counted beyond what the socket got proves nothing alone: segments that came twice
 * and options of acknowledgements, in all its life, are counted too. Bytes; null where nothing is known to be missing.
 */
export function missing(socket: SocketState, entry: Tracked | undefined, kept: Kept | null): number | null {
  const { state, info, receiveQueue } = socket;
  const carried = entry && carriedOf(entry);
  if (state !== 'ESTAB' || !carried || info?.received === undefined || info.headers === undefined)
    return null;
  // What it has sent itself, or will not read, is another reason for an entry to be kept for less.
  if (info.lastDataReceived < STILL || info.unacknowledged > 0 || receiveQueue > 0) return null;
  const more = carried.reply.bytes - carried.reply.packets * info.headers - info.received;
  return more > MARGIN && isUnacknowledged(entry, info.lastDataReceived, kept) ? more : null;
}
