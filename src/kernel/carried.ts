/** What connections have carried, as connection tracking counts it where net.netfilter.nf_conntrack_acct is on. */
import type { Tracked } from '../model/facts.ts';
import type { SocketState } from '../model/socket.ts';
import type { Counting } from './clause.ts';

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

/** The entry of a connection that this socket began. */
export const entryOf = (socket: SocketState, entries: readonly Tracked[]): Tracked | undefined =>
  entries.find(
    ({ proto, original }) =>
      proto === socket.proto &&
      original.source === socket.source &&
      original.sourcePort === socket.sourcePort &&
      original.destination === socket.destination &&
      original.destinationPort === socket.destinationPort,
  );

/** Nothing has come for so long: whoever is answered at all is sent the next segment by then. Milliseconds. */
const STILL = 1000;
/** What is sent again in vain may have come too, once: more than a segment is missing. Bytes. */
const MARGIN = 1500;

/**
 * Has the host seen data come back for the connection that never came to its socket? Connection tracking counts what comes in,
 * before the rules of forwarding see it. Bytes at the least; null where nothing is known to be missing.
 */
export function missing({ state, info }: SocketState, carried: Carried | undefined): number | null {
  if (state !== 'ESTAB' || !carried || info?.received === undefined || info.headers === undefined)
    return null;
  const came = carried.reply.bytes - carried.reply.packets * info.headers;
  return info.lastDataReceived >= STILL && came - info.received > MARGIN ? came - info.received : null;
}
