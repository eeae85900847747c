/** A captured frame, decoded as far as recognising a probe needs: RFC 791, 792, 793, 768, 826, 4443, 4861, 8200. */
import type { Family } from '../model/flow.ts';
import type { Header, Syn } from '../model/header.ts';
import { addressOf, ETHERTYPE, isIp, macOf } from './headers.ts';
import { readSyn } from './syn.ts';
import { quotes } from './transport.ts';

export interface Packet {
  readonly family: Family;
  readonly source: string;
  readonly destination: string;
  readonly sourceMac: string | null;
  readonly destinationMac: string | null;
  readonly ttl: number | null;
  /** Traffic class, of IPv4 its former type of service: code point and ECN in one byte. */
  readonly tos?: number;
  /** IP length in bytes; of ARP the length of its body. */
  readonly length: number;
  readonly icmp?: {
    readonly type: number;
    readonly code: number;
    readonly id: number;
    readonly sequence: number;
    readonly mtu: number;
    readonly payload: Uint8Array;
  };
  /** The packet an ICMP error quotes. */
  readonly quoted?: Packet;
  readonly tcp?: Tcp;
  readonly udp?: {
    readonly sourcePort: number;
    readonly destinationPort: number;
    readonly payload: Uint8Array;
  };
  readonly neighbour?: {
    readonly asks: boolean;
    readonly address: string;
    readonly mac: string | null;
    readonly by: string;
  };
}

export interface Tcp {
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly sequence: number;
  readonly acknowledgement: number;
  readonly syn: boolean;
  readonly ack: boolean;
  readonly rst: boolean;
  /** Of the first packet of a connection either way, what it asks for. */
  readonly opening?: Syn;
  /** Bytes of data, as far as the packet tells its length. */
  readonly payload: number;
}

interface Macs {
  readonly source: string | null;
  readonly destination: string | null;
}

const NO_MACS: Macs = { source: null, destination: null };
const EMPTY = new Uint8Array();

/** Decodes a frame of the link types `ETHERNET`, `RAW`, `NULL` and `LINKTYPE_LINUX_SLL`; undefined for what is no IP and no ARP. */
export function decodeFrame(bytes: Uint8Array, link: string): Packet | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    if (link === 'ETHERNET') return ethernet(bytes, view);
    if (link === 'RAW') return network(bytes, NO_MACS);
    if (link === 'NULL') return network(bytes.subarray(4), NO_MACS);
    if (link === 'LINKTYPE_LINUX_SLL') return network(bytes.subarray(16), NO_MACS);
  } catch {
    // A frame cut short is no evidence.
  }
  return undefined;
}

/** Decodes what follows a link header, by its EtherType; undefined for what is no IP and no ARP. */
export function decodeNetwork(
  bytes: Uint8Array,
  protocol: number,
  source: string | null,
): Packet | undefined {
  const macs = { source, destination: null };
  try {
    if (protocol === ETHERTYPE.arp) return arp(bytes, macs);
    return isIp(protocol) ? network(bytes, macs) : undefined;
  } catch {
    // A frame cut short is no evidence.
    return undefined;
  }
}

function ethernet(bytes: Uint8Array, view: DataView): Packet | undefined {
  const macs = { destination: macOf(bytes), source: macOf(bytes.subarray(6)) };
  let type = view.getUint16(12);
  let at = 14;
  while (type === ETHERTYPE.vlan || type === ETHERTYPE.qinq) {
    type = view.getUint16(at + 2);
    at += 4;
  }
  if (type === ETHERTYPE.arp) return arp(bytes.subarray(at), macs);
  return isIp(type) ? network(bytes.subarray(at), macs) : undefined;
}

function arp(bytes: Uint8Array, macs: Macs): Packet {
  const asks = bytes[7] === 1;
  const sender = addressOf(bytes.subarray(14, 18));
  const target = addressOf(bytes.subarray(24, 28));
  return {
    family: 4,
    source: sender,
    destination: target,
    sourceMac: macs.source,
    destinationMac: macs.destination,
    ttl: null,
    length: bytes.length,
    neighbour: asks
      ? { asks, address: target, mac: null, by: sender }
      : { asks, address: sender, mac: macOf(bytes.subarray(8)), by: target },
  };
}

/** Decodes an IPv4 or IPv6 packet; a quoted one may end early. */
function network(bytes: Uint8Array, macs: Macs): Packet | undefined {
  const version = (bytes[0] ?? 0) >> 4;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (version === 4) {
    const header = ((bytes[0] ?? 0) & 15) * 4;
    const base = {
      family: 4 as const,
      source: addressOf(bytes.subarray(12, 16)),
      destination: addressOf(bytes.subarray(16, 20)),
      sourceMac: macs.source,
      destinationMac: macs.destination,
      ttl: bytes[8] ?? null,
      tos: bytes[1] ?? 0,
      length: view.getUint16(2),
    };
    // A later fragment has no transport header.
    if ((view.getUint16(6) & 0x1fff) !== 0) return base;
    return {
      ...base,
      ...transport(
        bytes[9] ?? 0,
        bytes.subarray(header, Math.max(header, base.length)),
        4,
        base.length - header,
      ),
    };
  }
  if (version !== 6) return undefined;
  const base = {
    family: 6 as const,
    source: addressOf(bytes.subarray(8, 24)),
    destination: addressOf(bytes.subarray(24, 40)),
    sourceMac: macs.source,
    destinationMac: macs.destination,
    ttl: bytes[7] ?? null,
    tos: (view.getUint16(0) >> 4) & 0xff,
    length: view.getUint16(4) + 40,
  };
  return { ...base, ...transport(bytes[6] ?? 0, bytes.subarray(40, base.length), 6, base.length - 40) };
}

/** `length`: of what follows the IP header on the wire; `bytes` may be shorter. */
function transport(protocol: number, bytes: Uint8Array, family: Family, length: number): Partial<Packet> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (protocol === 6 && bytes.length >= 8) return { tcp: tcp(bytes, view, length) };
  if (protocol === 17 && bytes.length >= 8)
    return {
      udp: {
        sourcePort: view.getUint16(0),
        destinationPort: view.getUint16(2),
        payload: bytes.subarray(8),
      },
    };
  if ((protocol === 1 || protocol === 58) && bytes.length >= 8) return icmp(bytes, view, family);
  return {};
}

function tcp(bytes: Uint8Array, view: DataView, length: number): Tcp {
  const flags = bytes[13] ?? 0;
  return {
    sourcePort: view.getUint16(0),
    destinationPort: view.getUint16(2),
    sequence: view.getUint32(4),
    acknowledgement: bytes.length >= 12 ? view.getUint32(8) : 0,
    syn: (flags & 2) !== 0,
    ack: (flags & 16) !== 0,
    rst: (flags & 4) !== 0,
    ...((flags & 2) !== 0 ? { opening: readSyn(bytes) } : {}),
    payload: bytes.length >= 13 ? Math.max(0, length - ((bytes[12] ?? 0) >> 4) * 4) : 0,
  };
}

/** Null where its protocol has none. */
export const sourcePortOf = ({ tcp, udp }: Packet): number | null =>
  tcp?.sourcePort ?? udp?.sourcePort ?? null;

/** Its ends, and what it takes to know it again: what a sighting tells of it. */
export const outlineOf = (packet: Packet) => ({
  source: packet.source,
  destination: packet.destination,
  sourceMac: packet.sourceMac,
  destinationMac: packet.destinationMac,
  family: packet.family,
  sourcePort: sourcePortOf(packet),
  destinationPort: packet.tcp?.destinationPort ?? packet.udp?.destinationPort ?? null,
  length: packet.length,
  ttl: packet.ttl,
  ...(packet.tcp ? { sequence: packet.tcp.sequence } : {}),
});

/** What a packet's headers say beside its ends; undefined for ARP. */
export const headerOf = ({ ttl, tos, tcp }: Packet): Header | undefined =>
  tos === undefined ? undefined : { ttl, dscp: tos >> 2, ecn: tos & 3, syn: tcp?.opening ?? null };

function icmp(bytes: Uint8Array, view: DataView, family: Family): Partial<Packet> {
  const [type = 0, code = 0] = bytes;
  if (family === 6 && (type === 135 || type === 136)) return neighbourDiscovery(bytes, type === 135);
  const isError = quotes(family, type);
  const mtu = family === 6 ? view.getUint32(4) : view.getUint16(6);
  const quoted = isError ? network(bytes.subarray(8), NO_MACS) : undefined;
  return {
    icmp: {
      type,
      code,
      id: view.getUint16(4),
      sequence: view.getUint16(6),
      mtu,
      payload: isError ? EMPTY : bytes.subarray(8),
    },
    ...(quoted ? { quoted } : {}),
  };
}

/** Neighbour solicitation and advertisement: RFC 4861 sections 4.3 and 4.4. */
function neighbourDiscovery(bytes: Uint8Array, asks: boolean): Partial<Packet> {
  const option = bytes[24] === (asks ? 1 : 2) ? macOf(bytes.subarray(26)) : null;
  return {
    neighbour: { asks, address: addressOf(bytes.subarray(8, 24)), mac: asks ? null : option, by: '' },
  };
}

const UNREACHABLE_4 = [
  'network unreachable',
  'host unreachable',
  'protocol unreachable',
  'port unreachable',
  'fragmentation needed',
];
const UNREACHABLE_6 = [
  'no route to destination',
  'administratively prohibited',
  'beyond scope of source address',
  'address unreachable',
  'port unreachable',
  'source address failed policy',
  'reject route to destination',
];

/** What an ICMP error says, in words; undefined for what is no error. */
export function icmpError(packet: Packet): string | undefined {
  if (!packet.icmp || !packet.quoted) return undefined;
  const { type, code, mtu } = packet.icmp;
  if (packet.family === 4) {
    if (type === 3 && code === 4) return `fragmentation needed, MTU ${mtu}`;
    if (type === 3 && (code === 9 || code === 10 || code === 13)) return 'administratively prohibited';
    if (type === 3) return UNREACHABLE_4[code] ?? `unreachable, code ${code}`;
    if (type === 11) return 'time to live exceeded';
    return type === 5 ? undefined : `ICMP type ${type}`;
  }
  if (type === 1) return UNREACHABLE_6[code] ?? `unreachable, code ${code}`;
  if (type === 2) return `packet too big, MTU ${mtu}`;
  return type === 3 ? 'hop limit exceeded' : `ICMPv6 type ${type}`;
}
