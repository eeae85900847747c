/** Which named sets a rule looks a packet up in, and what it looks up there. nft(8) SETS, MAPS; iptables-extensions(8) set. */
import type { Rule } from '../model/evidence.ts';
import type { Clause, Subject } from './clause.ts';
import { clausesOf, type Packet } from './rule-clauses.ts';

export interface LookedUp {
  readonly engine: 'nft' | 'ipset';
  readonly kind: 'set' | 'map';
  readonly name: string;
  /** Of nft: what is looked up, in its own words. Of ipset: the directions, `dst,dst`, whose meaning its type tells. */
  readonly key: string;
}

/** `ip daddr vmap @x` as a clause that must hold: behind it the map tells what becomes of the packet. */
const MAPPED = / vmap (@\S+|\{[^}]*\})(?= |$).*$/;

const isMapped = (rule: Rule): boolean => rule.engine === 'nft' && MAPPED.test(rule.text);

/** A verdict map as a rule that accepts what is in it; every other rule as it is. */
export const asLookUp = (rule: Rule): Rule =>
  isMapped(rule) ? { ...rule, text: rule.text.replace(MAPPED, ' $1 accept') } : rule;

function part(on: Subject, packet: Packet): string | null {
  switch (on) {
    case 'source':
      return packet.source;
    case 'destination':
      return packet.destination;
    case 'in':
      return packet.in && `"${packet.in}"`;
    case 'out':
      return packet.out && `"${packet.out}"`;
    case 'proto':
      return packet.proto;
    case 'sport':
      return packet.sourcePort === null ? null : String(packet.sourcePort);
    case 'dport':
      return packet.destinationPort === null ? null : String(packet.destinationPort);
    case 'mark':
      return packet.mark === undefined ? null : `0x${packet.mark.toString(16)}`;
    default:
      return null;
  }
}

/** The set or map that the clause names; undefined where it says itself what it asks for. */
export const setNamed = ({ values: [first] }: Pick<Clause, 'values'>): string | undefined =>
  first?.startsWith('@') ? first.slice(1) : undefined;

/** What the clause looks up in which set; null where it looks nothing up, or the packet does not tell what. */
export function lookedUp(rule: Rule, clause: Clause, packet: Packet): LookedUp | null {
  const name = setNamed(clause);
  if (name === undefined) return null;
  const { on, values, parts } = clause;
  if (rule.engine !== 'nft') return { engine: 'ipset', kind: 'set', name, key: values[1] ?? '' };
  const all = (parts ?? [on]).map((one) => part(one, packet));
  if (all.includes(null)) return null;
  return { engine: 'nft', kind: isMapped(rule) ? 'map' : 'set', name, key: all.join(' . ') };
}

/** An element of ipset for this packet, by the set's type (`hash:net,port`) and the directions of the rule. ipset(8) */
export function ipsetElement(type: string, directions: string, packet: Packet): string | null {
  const ways = directions.split(',');
  const fields = (type.split(':')[1] ?? '').split(',').map((field, index) => {
    const isSource = ways[index] === 'src';
    if (field === 'ip' || field === 'net') return isSource ? packet.source : packet.destination;
    if (field === 'iface') return isSource ? packet.in : packet.out;
    const port = isSource ? packet.sourcePort : packet.destinationPort;
    return field === 'port' && port !== null ? `${packet.proto}:${port}` : null;
  });
  return fields.includes(null) ? null : fields.join(',');
}

/** All look-ups of the rules, each once. */
export function lookUpsOf(rules: readonly Rule[], packet: Packet): LookedUp[] {
  const all = rules.flatMap((rule) => {
    const mapped = asLookUp(rule);
    return clausesOf(mapped).asks.flatMap((clause) => lookedUp(rule, clause, packet) ?? []);
  });
  const key = (one: LookedUp): string => [one.kind, one.name, one.key].join('\0');
  return [...new Map(all.map((one) => [key(one), one])).values()];
}
