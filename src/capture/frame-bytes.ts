/**
 * The bytes of a frame as a file keeps them: with its Ethernet header, where all interfaces of the capture have one, else with
 * one that every interface can have (LINKTYPE_LINUX_SLL2), as tcpdump(8) -i any has it.
 */
import type { PacketFrame } from '../host/machine.ts';
import { ETHERTYPE, isIp, networkHeader } from '../wire/headers.ts';
import { isEcho, segment } from '../wire/transport.ts';
import { PROTOCOL } from './print.ts';
import type { Seen } from './spot.ts';

/** Of linux/if_packet.h: for this host, for another one, going out. */
const KIND = { here: 0, other: 3, out: 4 } as const;
const COOKED = 20;
const TAG = 4;

type Bytes = Pick<Seen, 'bytes' | 'header' | 'length'>;

export function withEthernet({ bytes, header, length, vlan }: PacketFrame): Bytes {
  if (vlan === null || bytes.length < 12) return { bytes, header, length };
  // The card, or the kernel, has taken the tag out; on the wire it stood behind the addresses.
  const tag = Uint8Array.of(ETHERTYPE.vlan >> 8, ETHERTYPE.vlan & 255, vlan >> 8, vlan & 255);
  return {
    bytes: Buffer.concat([bytes.subarray(0, 12), tag, bytes.subarray(12)]),
    header: header + TAG,
    length: length + TAG,
  };
}

/** https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL2.html */
export function cooked(frame: Omit<PacketFrame, 'vlan' | 'at' | 'stamp'>): Bytes {
  const head = Buffer.alloc(COOKED);
  head.writeUInt16BE(frame.protocol, 0);
  head.writeUInt32BE(frame.ifindex, 4);
  head.writeUInt16BE(frame.hardware, 8);
  head[10] = frame.direction === 'out' ? KIND.out : frame.foreign ? KIND.other : KIND.here;
  if (frame.senderMac !== null) {
    head[11] = 6;
    head.set(Buffer.from(frame.senderMac.replaceAll(':', ''), 'hex'), 12);
  }
  return {
    bytes: Buffer.concat([head, frame.bytes.subarray(frame.header)]),
    header: COOKED,
    length: frame.length - frame.header + COOKED,
  };
}

/** What follows the headers of an error is a packet's beginning, and no data of anybody's. */
const ICMP_HEADER = 8;
const UDP_HEADER = 8;

/** The frame without what is inside TCP, UDP, or anything else that is no header; an ICMP error keeps the headers it quotes. */
export function headersOnly(seen: Seen): Seen {
  const kept = seen.header + headers(seen.bytes.subarray(seen.header), seen.type);
  return kept < seen.bytes.length ? { ...seen, bytes: seen.bytes.subarray(0, kept) } : seen;
}

function headers(bytes: Uint8Array, type: number): number {
  if (type === ETHERTYPE.arp) return bytes.length;
  const ip = isIp(type) ? networkHeader(bytes) : undefined;
  if (!ip) return 0;
  const inside = bytes.subarray(ip.at);
  if (ip.fragmentOffset > 0) return ip.at;
  if (ip.protocol === PROTOCOL.tcp) return ip.at + (segment(inside)?.header ?? inside.length);
  if (ip.protocol === PROTOCOL.udp) return ip.at + UDP_HEADER;
  // Neighbours' talk has no data; an echo's has.
  if (ip.protocol === PROTOCOL.icmp6 && (inside[0] ?? 0) >= 130) return bytes.length;
  const isIcmp = ip.protocol === PROTOCOL.icmp || ip.protocol === PROTOCOL.icmp6;
  if (!isIcmp) return ip.at;
  const quoted = inside.subarray(ICMP_HEADER);
  return ip.at + ICMP_HEADER + (isEcho(inside[0] ?? 0) ? 0 : headers(quoted, quotedType(quoted)));
}

const quotedType = (bytes: Uint8Array): number =>
  (bytes[0] ?? 0) >> 4 === 6 ? ETHERTYPE.ipv6 : ETHERTYPE.ipv4;
