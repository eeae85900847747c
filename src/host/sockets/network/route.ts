/** A route as `ip -j -d route show table all` tells it. linux/rtnetlink.h; iproute2, ip/iproute.c */
import { AF_INET, AF_INET6 } from '../../sys/address.ts';
import { type Attributes, attributes } from '../netlink.ts';
import { addressText } from './address-text.ts';
import { type Devices, type Entry, printed, Unworded } from './entry.ts';
import { nameOf } from './names.ts';

/** Size of struct rtmsg. */
export const RTMSG = 12;
export const RTA = {
  destination: 1,
  source: 2,
  iif: 3,
  oif: 4,
  gateway: 5,
  priority: 6,
  preferred: 7,
  multipath: 9,
  table: 15,
  mark: 16,
  via: 18,
  preference: 20,
  encapType: 21,
  encap: 22,
  uid: 25,
  protocol: 27,
  sourcePort: 28,
  port: 29,
  nexthop: 30,
} as const;
const RTM_F_CLONED = 0x200;
/** Size of struct rtnexthop. */
const RTNEXTHOP = 8;

/** RTN_* */
const TYPES = [
  'none',
  'unicast',
  'local',
  'broadcast',
  'anycast',
  'multicast',
  'blackhole',
  'unreachable',
  'prohibit',
  'throw',
  'nat',
  'xresolve',
];

/** RTNH_F_* and RTM_F_*, in the order in which they are printed. */
const FLAGS: readonly (readonly [bit: number, name: string])[] = [
  [1, 'dead'],
  [4, 'onlink'],
  [2, 'pervasive'],
  [8, 'offload'],
  [64, 'trap'],
  [0x100, 'notify'],
  [16, 'linkdown'],
  [32, 'unresolved'],
  [0x4000, 'rt_offload'],
  [0x8000, 'rt_trap'],
  [0x20000000, 'rt_offload_failed'],
];
/** RTCF_REDIRECTED, linux/in_route.h */
const REDIRECTED = 0x40000;

const flagsOf = (bits: number): string[] =>
  FLAGS.filter(([bit]) => (bits & bit) !== 0).map(([, name]) => name);

/** Null for a remembered one, which is no route of a table. @throws Unworded for one of another protocol than IP */
export const routeFrom = (body: Buffer, devices: Devices): Entry | null =>
  (body.readUInt32LE(8) & RTM_F_CLONED) !== 0 ? null : routeEntry(body, devices);

/** The kernel's decision for one packet is told as a route, too. @throws Unworded */
export function routeEntry(body: Buffer, devices: Devices): Entry {
  const [family, length, sourceLength] = [body[0]!, body[1]!, body[2]!];
  if (family !== AF_INET && family !== AF_INET6) throw new Unworded(`a route of the family ${family}`);
  const flags = body.readUInt32LE(8);
  const about = attributes(body, RTMSG);
  const number = (attribute: number): number | null => about.get(attribute)?.readUInt32LE(0) ?? null;
  const device = number(RTA.oif);
  const multipath = about.get(RTA.multipath);
  const whole = family === AF_INET6 ? 128 : 32;
  // Of what is remembered neither who made it nor how far it reaches is printed.
  const isCloned = (flags & RTM_F_CLONED) !== 0;
  return printed({
    type: TYPES[body[7]!] ?? `${body[7]}`,
    dst: prefix(about.get(RTA.destination), length, whole) ?? 'default',
    from: prefix(about.get(RTA.source), sourceLength, whole),
    ...encapOf(about),
    nhid: number(RTA.nexthop),
    ...gatewayOf(about),
    dev: device ? devices.name(device) : null,
    table: nameOf('rt_tables', number(RTA.table) ?? body[4]!),
    protocol: isCloned ? null : nameOf('rt_protos', body[5]!),
    scope: isCloned ? null : nameOf('rt_scopes', body[6]!),
    prefsrc: textOfAddress(about.get(RTA.preferred)),
    metric: number(RTA.priority),
    flags: flagsOf(flags),
    nexthops: multipath ? nextHops(multipath, devices) : null,
    pref: preferenceOf(about.get(RTA.preference)),
    cache: isCloned && family === AF_INET ? ((flags & REDIRECTED) !== 0 ? ['redirected'] : []) : null,
  });
}

/** RFC 4191 section 2.1, in two bits. */
const PREFERENCES = ['medium', 'high', undefined, 'low'];

const preferenceOf = (bytes: Buffer | undefined): string | null =>
  bytes ? (PREFERENCES[bytes[0]!] ?? `${bytes[0]}`) : null;

function prefix(address: Buffer | undefined, length: number, whole: number): string | null {
  if (!address) return length === 0 ? null : `0/${length}`;
  return length === whole ? addressText(address) : `${addressText(address)}/${length}`;
}

const textOfAddress = (address: Buffer | undefined): string | null =>
  address && (address.length === 4 || address.length === 16) ? addressText(address) : null;

/** struct rtvia: a gateway of the other family. */
function gatewayOf(about: Attributes): Entry {
  const via = about.get(RTA.via);
  if (!via) return { gateway: textOfAddress(about.get(RTA.gateway)) };
  const host = textOfAddress(via.subarray(2));
  return { gateway: null, via: { family: via.readUInt16LE(0) === AF_INET6 ? 'inet6' : 'inet', host } };
}

/** LWTUNNEL_ENCAP_IP and _IP6, LWTUNNEL_IP_* (LWTUNNEL_IP6_* have the same numbers): linux/lwtunnel.h */
const ENCAPS: Readonly<Record<number, string>> = { 2: 'ip', 4: 'ip6' };
const LWTUNNEL = { id: 1, destination: 2, source: 3 } as const;

/** The tunnel that a route names for its packets. iproute2 writes `dst` twice in one object: here it has one of its own. */
function encapOf(about: Attributes): Entry {
  const kind = about.get(RTA.encapType)?.readUInt16LE(0);
  const encap = kind === undefined ? undefined : ENCAPS[kind];
  const bytes = about.get(RTA.encap);
  if (encap === undefined || !bytes) return {};
  const told = attributes(bytes, 0);
  const id = told.get(LWTUNNEL.id);
  return {
    encap,
    tunnel: printed({
      id: id && id.length >= 8 ? Number(id.readBigUInt64BE(0)) : 0,
      src: textOfAddress(told.get(LWTUNNEL.source)),
      dst: textOfAddress(told.get(LWTUNNEL.destination)),
    }),
  };
}

function nextHops(bytes: Buffer, devices: Devices): Entry[] {
  const hops: Entry[] = [];
  for (let at = 0; at + RTNEXTHOP <= bytes.length; ) {
    const length = bytes.readUInt16LE(at);
    if (length < RTNEXTHOP || length > bytes.length - at) break;
    const hop = bytes.subarray(at, at + length);
    const about = attributes(hop, RTNEXTHOP);
    const device = hop.readInt32LE(4);
    hops.push(
      printed({
        ...encapOf(about),
        ...gatewayOf(about),
        dev: device ? devices.name(device) : null,
        weight: hop[3]! + 1,
        flags: flagsOf(hop[2]!),
      }),
    );
    at += (length + 3) & ~3;
  }
  return hops;
}
