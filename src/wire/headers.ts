/** The headers of a frame as far as a line about it needs them: RFC 791, 8200, 826; IEEE 802.1Q. Cut frames give what is there. */
import ipaddr from 'ipaddr.js';
import type { Family } from '../model/flow.ts';
import { long, word } from './number.ts';

export const ETHERTYPE = { ipv4: 0x0800, arp: 0x0806, vlan: 0x8100, ipv6: 0x86dd, qinq: 0x88a8 } as const;

/** By its EtherType: does an IP header come next? */
export const isIp = (type: number): boolean => type === ETHERTYPE.ipv4 || type === ETHERTYPE.ipv6;

/** What of a frame comes before its network header. */
export interface LinkHeader {
  readonly source: string | null;
  readonly destination: string | null;
  /** VLAN ids, the outer first. */
  readonly vlans: readonly number[];
  readonly type: number;
}

export interface NetworkHeader {
  readonly family: Family;
  readonly source: string;
  readonly destination: string;
  readonly ttl: number;
  /** The traffic class or type of service. */
  readonly tos: number;
  /** IPv4's identification; of IPv6 the fragment header's, or null. */
  readonly id: number | null;
  readonly dontFragment: boolean;
  readonly moreFragments: boolean;
  /** In bytes. */
  readonly fragmentOffset: number;
  /** Of the whole packet, in bytes, as it says itself. */
  readonly length: number;
  /** What follows, after extension headers: IANA's protocol numbers. */
  readonly protocol: number;
  /** Where that begins, in bytes from the network header. */
  readonly at: number;
}

const hex = (byte: number): string => byte.toString(16).padStart(2, '0');
export const macOf = (bytes: Uint8Array): string => [...bytes.subarray(0, 6)].map(hex).join(':');
/** Of each frame of a capture four are written: those of IPv4 by the shortest way. */
export const addressOf = (bytes: Uint8Array): string =>
  bytes.length === 4 ? bytes.join('.') : ipaddr.fromByteArray([...bytes]).toString();

/** The Ethernet header and its tags; and where the network header begins. Undefined for a frame that is too short. */
export function ethernetHeader(
  bytes: Uint8Array,
): { readonly link: LinkHeader; readonly at: number } | undefined {
  if (bytes.length < 14) return undefined;
  const vlans: number[] = [];
  let at = 12;
  let type = word(bytes, at);
  while ((type === ETHERTYPE.vlan || type === ETHERTYPE.qinq) && bytes.length >= at + 6) {
    vlans.push(word(bytes, at + 2) & 0xfff);
    at += 4;
    type = word(bytes, at);
  }
  return {
    link: { destination: macOf(bytes), source: macOf(bytes.subarray(6)), vlans, type },
    at: at + 2,
  };
}

/** Of what begins with a network header; undefined for what is no IP, or too short to be. */
export function networkHeader(bytes: Uint8Array): NetworkHeader | undefined {
  const version = (bytes[0] ?? 0) >> 4;
  if (version === 4 && bytes.length >= 20) return ipv4(bytes);
  return version === 6 && bytes.length >= 40 ? ipv6(bytes) : undefined;
}

function ipv4(bytes: Uint8Array): NetworkHeader {
  const fragment = word(bytes, 6);
  return {
    family: 4,
    source: addressOf(bytes.subarray(12, 16)),
    destination: addressOf(bytes.subarray(16, 20)),
    ttl: bytes[8] ?? 0,
    tos: bytes[1] ?? 0,
    id: word(bytes, 4),
    dontFragment: (fragment & 0x4000) !== 0,
    moreFragments: (fragment & 0x2000) !== 0,
    fragmentOffset: (fragment & 0x1fff) * 8,
    length: word(bytes, 2),
    protocol: bytes[9] ?? 0,
    at: ((bytes[0] ?? 0) & 15) * 4,
  };
}

/** Hop-by-hop options, routing, fragment, destination options: RFC 8200 section 4. */
const EXTENSIONS = new Set([0, 43, 44, 60]);
const FRAGMENT = 44;

function ipv6(bytes: Uint8Array): NetworkHeader {
  let protocol = bytes[6] ?? 59;
  let at = 40;
  let fragment: { id: number; offset: number; more: boolean } | undefined;
  while (EXTENSIONS.has(protocol) && bytes.length >= at + 8) {
    const next = bytes[at] ?? 59;
    if (protocol === FRAGMENT) {
      const told = word(bytes, at + 2);
      fragment = {
        offset: told & 0xfff8,
        more: (told & 1) !== 0,
        id: long(bytes, at + 4),
      };
      at += 8;
    } else at += ((bytes[at + 1] ?? 0) + 1) * 8;
    protocol = next;
  }
  return {
    family: 6,
    source: addressOf(bytes.subarray(8, 24)),
    destination: addressOf(bytes.subarray(24, 40)),
    ttl: bytes[7] ?? 0,
    tos: (word(bytes, 0) >> 4) & 0xff,
    id: fragment?.id ?? null,
    dontFragment: true,
    moreFragments: fragment?.more ?? false,
    fragmentOffset: fragment?.offset ?? 0,
    length: word(bytes, 4) + 40,
    protocol,
    at,
  };
}

/** What a neighbour asks or answers by ARP: RFC 826. */
export interface ArpMessage {
  readonly asks: boolean;
  readonly sender: string;
  readonly senderMac: string;
  readonly target: string;
}

export function arpMessage(bytes: Uint8Array): ArpMessage | undefined {
  // Of Ethernet and IPv4 alone: hardware 1, protocol 0x0800, lengths 6 and 4.
  if (bytes.length < 28 || word(bytes, 2) !== ETHERTYPE.ipv4 || bytes[4] !== 6 || bytes[5] !== 4)
    return undefined;
  const operation = word(bytes, 6);
  if (operation !== 1 && operation !== 2) return undefined;
  return {
    asks: operation === 1,
    senderMac: macOf(bytes.subarray(8)),
    sender: addressOf(bytes.subarray(14, 18)),
    target: addressOf(bytes.subarray(24, 28)),
  };
}
