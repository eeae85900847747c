/** What a rule asks of a packet, whichever program wrote it, and whether a packet fits. */
import type { Rule } from '../model/evidence.ts';
import { amount, type Carried } from './carried.ts';
import type { Clause, Clauses, Subject } from './clause.ts';
import { frameHas } from './frame-field.ts';
import { iptablesClauses } from './iptables-clauses.ts';
import { within } from './nat.ts';
import { nftClauses } from './nft-clauses.ts';
import { isForMany } from './one-to-many.ts';

/** A packet as a rule meets it. `in` and `out` are null where it has no such interface. */
export interface Packet {
  readonly source: string;
  readonly destination: string;
  readonly in: string | null;
  readonly out: string | null;
  readonly proto: string;
  readonly sourcePort: number | null;
  readonly destinationPort: number | null;
  /** Where it is known. */
  readonly mark?: number;
  /** What connection tracking makes of it, where that is known. */
  readonly state?: 'new' | 'established' | 'untracked';
  /** IP length in bytes, where it is known. */
  readonly length?: number;
  /** What its connection has carried with it, as connection tracking counts, where that is known. */
  readonly carried?: Carried;
  /** Whose socket sends it, where that is known. */
  readonly uid?: number;
  readonly gid?: number | null;
  readonly groups?: readonly number[];
  /** Type of ICMP or ICMPv6, where it is one of them and that is known. */
  readonly icmpType?: number;
  /** As it was captured, from its Ethernet header on, where rules for frames are asked. */
  readonly frame?: Uint8Array;
  /** The bridge that such a frame crosses. */
  readonly bridge?: string;
  readonly isLocal: (address: string) => boolean;
  /** Does a route lead back to its source by this interface, or for null by any? Absent where nobody looked. */
  readonly hasWayBack?: (dev: string | null) => boolean;
}

const parsed = new WeakMap<Rule, { readonly text: string; readonly clauses: Clauses }>();

/** Parsed once: a dozen causes may ask it of the same fifty thousand rules. */
export function clausesOf(rule: Rule): Clauses {
  const { engine, text } = rule;
  const before = parsed.get(rule);
  if (before?.text === text) return before.clauses;
  const clauses = engine === 'nft' ? nftClauses(text, rule.family === 'bridge') : iptablesClauses(text);
  parsed.set(rule, { text, clauses });
  return clauses;
}

/**
 * A rule of iptables that decides about a packet, or ends its chain: it rewrites nothing, and leads to no other chain. One of
 * nft may do several things.
 */
export const decides = ({ engine, verdict }: Rule): boolean =>
  engine !== 'nft' &&
  (verdict === 'drop' || verdict === 'accept' || verdict === 'reject' || verdict === 'return');

/** What the rule asks of one subject, or undefined. */
export const asked = (clauses: Clauses, on: Subject): Clause | undefined =>
  clauses.asks.find((clause) => clause.on === on);

/** By IANA's numbers and the other names that programs list; ICMP of IPv6 is a protocol of its own (RFC 4443). */
const PROTO: Readonly<Record<string, string>> = {
  '1': 'icmp',
  '6': 'tcp',
  '17': 'udp',
  '58': 'ipv6-icmp',
  icmpv6: 'ipv6-icmp',
};

const protocolOf = ({ proto, destination }: Packet): string =>
  proto === 'icmp' && destination.includes(':') ? 'ipv6-icmp' : (PROTO[proto] ?? proto);

const device = (value: string, name: string): boolean =>
  /[+*]$/.test(value) ? name.startsWith(value.slice(0, -1)) : value === name;

function address(value: string, own: string): boolean | null {
  if (/^[0-9a-f:.]+-[0-9a-f:.]+$/i.test(value)) return null;
  try {
    return value.includes('/')
      ? within(own, value)
      : within(own, `${value}/${value.includes(':') ? 128 : 32}`);
  } catch {
    return null;
  }
}

function port(value: string, own: number | null): boolean | null {
  if (own === null) return false;
  const range = /^(\d+)[:-](\d+)$/.exec(value);
  if (range) return Number(range[1]) <= own && own <= Number(range[2]);
  return /^\d+$/.test(value) ? Number(value) === own : null;
}

/** `1000:1500`, `1000-1500`, `>900`, `1500`; null for what is compared otherwise. xt_length, xt_owner, nft(8) */
function numbered(value: string, own: number | undefined): boolean | null {
  if (own === undefined) return null;
  const [, least, , most] = /^(\d*)([:-])(\d*)$/.exec(value) ?? [];
  if (least !== undefined) return Number(least) <= own && (most === '' || own <= Number(most));
  const [, sign, limit] = /^([<>]=?)?(\d+)$/.exec(value) ?? [];
  if (limit === undefined) return null;
  if (sign === undefined) return own === Number(limit);
  const equal = sign.endsWith('=') && own === Number(limit);
  return equal || (sign.startsWith('<') ? own < Number(limit) : own > Number(limit));
}

/** Is one of the groups of who sends it such? What they are is known with the first of them. */
function inSome(value: string, { gid, groups = [] }: Packet): boolean | null {
  const answers = [gid ?? undefined, ...groups].map((one) => numbered(value, one));
  return answers.includes(true) || (answers.includes(null) ? null : false);
}

/** `0x10`, `0x10/0xff`; null for what is compared otherwise. */
function marked(value: string, own: number | undefined): boolean | null {
  const [wanted, mask = '0xffffffff'] = value.split('/');
  if (own === undefined || ![wanted, mask].every((one) => /^(0x[0-9a-f]+|\d+)$/i.test(one ?? '')))
    return null;
  return (own & Number(mask)) >>> 0 === Number(wanted);
}

/**
 * Neighbours' talk is never part of a connection: ARP has none and shows as invalid, and ND as untracked where bridges have
 * connection tracking (nft_ct_get_eval(), nf_conntrack_bridge.c).
 */
function stateOfFrame(value: string, proto: string): boolean | null {
  if (!/^(invalid|untracked)$/.test(value)) return false;
  return proto === 'arp' ? value === 'invalid' : null;
}

/** DNAT and SNAT are states beside the others: iptables-extensions(8). */
const tracked = (value: string, own: string | undefined): boolean | null =>
  own === undefined || !/^(new|established|related|invalid|untracked)$/.test(value) ? null : value === own;

/** Names of ICMPv6 types that nft(8) lists, and of neighbour discovery as iptables(8) takes them. */
const ICMPV6: Readonly<Record<string, number>> = {
  'destination-unreachable': 1,
  'packet-too-big': 2,
  'time-exceeded': 3,
  'parameter-problem': 4,
  'echo-request': 128,
  'echo-reply': 129,
  'mld-listener-query': 130,
  'mld-listener-report': 131,
  'mld-listener-done': 132,
  'mld-listener-reduction': 132,
  'nd-router-solicit': 133,
  'nd-router-advert': 134,
  'nd-neighbor-solicit': 135,
  'neighbour-solicitation': 135,
  'nd-neighbor-advert': 136,
  'neighbour-advertisement': 136,
  'nd-redirect': 137,
  'mld2-listener-report': 143,
};

function icmpType(value: string, { icmpType: own, destination }: Packet): boolean | null {
  const wanted = /^\d+$/.test(value) ? Number(value) : destination.includes(':') ? ICMPV6[value] : undefined;
  return own === undefined || wanted === undefined ? null : own === wanted;
}

/** xt_rpfilter, and nft_fib asked for the interface of the way to a source: a packet without one has nothing to compare. */
const wayBack = (value: string, { in: dev, hasWayBack }: Packet): boolean | null =>
  hasWayBack === undefined || dev === null ? null : hasWayBack(value === 'strict' ? dev : null);

/** As xt_addrtype and nft's fib ask it; whose broadcast address one of a network is cannot be said from here. */
function destinationType(value: string, { destination, isLocal }: Packet): boolean | null {
  if (value === 'local') return isLocal(destination);
  if (!isForMany(destination)) return null;
  return /^(broadcast|multicast)$/.test(value)
    ? (value === 'broadcast') === (destination === '255.255.255.255')
    : null;
}

function one(clause: Clause, value: string, packet: Packet): boolean | null {
  // What is in a set is not in the rule.
  if (value.startsWith('@')) return null;
  switch (clause.on) {
    case 'source':
      return address(value, packet.source);
    case 'destination':
      return address(value, packet.destination);
    case 'in':
      return packet.in !== null && device(value, packet.in);
    case 'out':
      return packet.out !== null && device(value, packet.out);
    case 'proto':
      return value === 'all' || value === '0' || (PROTO[value] ?? value) === protocolOf(packet);
    case 'sport':
      return port(value, packet.sourcePort);
    case 'dport':
      return port(value, packet.destinationPort);
    case 'mark':
      return marked(value, packet.mark);
    case 'length':
      return numbered(value, packet.length);
    case 'carried':
      return clause.of && packet.carried ? numbered(value, amount(packet.carried, clause.of)) : null;
    case 'user':
      return numbered(value, packet.uid);
    case 'group':
      return numbered(value, packet.gid ?? undefined);
    case 'any-group':
      return inSome(value, packet);
    case 'state':
      return packet.frame
        ? stateOfFrame(value.toLowerCase(), packet.proto)
        : tracked(value.toLowerCase(), packet.state);
    case 'source-type':
      return value.toLowerCase() === 'local' ? packet.isLocal(packet.source) : null;
    case 'destination-type':
      return destinationType(value.toLowerCase(), packet);
    case 'icmp-type':
      return icmpType(value, packet);
    case 'family':
      return value === (packet.destination.includes(':') ? 'ipv6' : 'ipv4');
    case 'in-bridge':
      return packet.bridge !== undefined && packet.in !== null ? device(value, packet.bridge) : null;
    case 'out-bridge':
      return packet.bridge !== undefined && packet.out !== null ? device(value, packet.bridge) : null;
    case 'frame':
      return packet.frame && clause.field ? frameHas(packet.frame, clause.field, value) : null;
    case 'way-back':
      return wayBack(value, packet);
    default:
      return null;
  }
}

/** Does the packet have what one clause asks for? Null: that cannot be said from here. */
export const holds = (clause: Clause, packet: Packet): boolean | null =>
  anyOf(
    clause,
    clause.values.map((value) => one(clause, value, packet)),
  );

/** The same of a clause that asks for a port alone. */
export const holdsPort = (clause: Clause, own: number): boolean | null =>
  anyOf(
    clause,
    clause.values.map((value) => port(value, own)),
  );

function anyOf({ not }: Clause, answers: readonly (boolean | null)[]): boolean | null {
  const any = answers.includes(true) ? true : answers.includes(null) ? null : false;
  return any === null ? null : any !== not;
}

/** Does the rule match this packet? Null: it asks something that cannot be said from here. */
export function fits(clauses: Clauses, packet: Packet): boolean | null {
  const answers = clauses.asks.map((clause) => holds(clause, packet));
  if (answers.includes(false)) return false;
  return answers.includes(null) ? null : true;
}
