/** Where the network header of a frame begins, and of what kind it is, for each link type that is known. */
import type { Frame } from '../host/machine.ts';
import { LINK } from '../pcapng/content.ts';
import { ETHERTYPE, ethernetHeader } from '../wire/headers.ts';
import { long, word } from '../wire/number.ts';
import type { Seen } from './spot.ts';

export interface Linked extends Pick<Seen, 'type' | 'header'> {
  /** Told by the link header of a cooked capture alone. */
  readonly direction?: 'in' | 'out';
  /** Of the interface, where one capture is of several. */
  readonly ifindex?: number;
}

/** Link types as captures name them. */
const NAMED: Readonly<Record<string, number>> = {
  ETHERNET: LINK.ethernet,
  RAW: LINK.raw,
  NULL: LINK.null,
  LINKTYPE_LINUX_SLL: LINK.cooked,
};

const OUTGOING = 4;
/** Numbers of IPv6 as an address family: of Linux, NetBSD, FreeBSD and macOS. */
const INET6 = new Set([10, 24, 28, 30]);
/** DLT_RAW as OpenBSD and others number it. */
const RAW = new Set<number>([LINK.raw, 12, 14, LINK.ipv4, LINK.ipv6]);

const byVersion = (bytes: Uint8Array): number =>
  (bytes[0] ?? 0) >> 4 === 6 ? ETHERTYPE.ipv6 : ETHERTYPE.ipv4;
const direction = (kind: number): 'in' | 'out' => (kind === OUTGOING ? 'out' : 'in');

/** Undefined for a link type that is not read, or a frame that is too short. */
export function linkOf(bytes: Uint8Array, link: number): Linked | undefined {
  if (link === LINK.ethernet) {
    const found = ethernetHeader(bytes);
    return found && { type: found.link.type, header: found.at };
  }
  if (RAW.has(link)) return bytes.length > 0 ? { type: byVersion(bytes), header: 0 } : undefined;
  if (link === LINK.cooked2 && bytes.length >= 20)
    return {
      type: word(bytes, 0),
      header: 20,
      direction: direction(bytes[10] ?? 0),
      ifindex: long(bytes, 4),
    };
  if (link === LINK.cooked && bytes.length >= 16)
    return { type: word(bytes, 14), header: 16, direction: direction(word(bytes, 0)) };
  if ((link === LINK.null || link === LINK.loop) && bytes.length >= 4) {
    // In the byte order of whoever wrote it, or the network's: the family is a small number in either.
    const family = Math.max(bytes[0] ?? 0, bytes[3] ?? 0);
    return { type: INET6.has(family) ? ETHERTYPE.ipv6 : ETHERTYPE.ipv4, header: 4 };
  }
  return undefined;
}

/**
 * A frame of the capture process as it was seen at a spot; undefined for one that is too short. `offset`: nanoseconds from
 * CLOCK_MONOTONIC to the clock of the day.
 */
export function seenOf({ bytes, link, at, length }: Frame, spot: number, offset: bigint): Seen | undefined {
  const linked = linkOf(bytes, NAMED[link] ?? -1);
  if (!linked) return undefined;
  const { type, header, direction = null } = linked;
  return { spot, at: at + offset, direction, type, header, bytes, length };
}
