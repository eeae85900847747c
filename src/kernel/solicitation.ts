/**
 * Neighbour discovery is ICMPv6 (RFC 4861): unlike ARP its questions pass the firewall of whoever they ask, and many a
 * rule set that lets in a few ports drops them.
 */

import ipaddr from 'ipaddr.js';
import type { Rule } from '../model/evidence.ts';
import type { Firewall, Side } from '../model/facts.ts';
import type { Scene } from '../model/scene.ts';
import { linkNamed } from '../model/stack.ts';
import { holder } from './attachment.ts';
import { confirmed, NETFILTER } from './drops.ts';
import { isAnswered, isUnresolved, type NextHop, nextHop, questions, reached } from './next-hop.ts';
import type { Packet } from './rule-clauses.ts';
import { mayEnd, sureEnd } from './rule-walk.ts';
import { outgoing } from './travel.ts';

/** Types of ICMPv6: RFC 4861, 4.3 and 4.4. */
export const SOLICITATION = 135;
export const ADVERTISEMENT = 136;

/** Hooks that a question passes where it is heard. */
const HEARS = ['prerouting', 'input'] as const;

export interface Solicitation {
  /** Who owns the address, gets the question, and drops it. */
  readonly side: Side;
  readonly dev: string;
  readonly address: string;
  /** The rule or policy that surely ends it there; undefined where the rules do not say so. */
  readonly rule: Rule | undefined;
  /** The kernel told of a firewall's drop. */
  readonly told: boolean;
}

/**
 * Undefined unless the question got to its owner, nobody answered, and the kernel told of a firewall's drop or the owner's
 * rules end it: what is asked again within a second is not asked anew, and so no drop of it is told.
 */
export function droppedSolicitation(
  scene: Scene & { readonly firewall: Firewall },
): Solicitation | undefined {
  if (scene.flow.family !== 6 || scene.place === null) return undefined;
  const hop = nextHop(scene, outgoing(scene));
  const last = hop?.segment.hops.at(-1);
  if (!hop || !last || !isUnresolved(scene, hop) || !reached(scene, hop).includes(last.id)) return undefined;
  const owner = holder(scene, hop.address);
  if (!owner || owner.side !== last.where) return undefined;
  const source = askingFrom(scene, hop);
  // Whoever was seen to answer heard the question: what is lost is the answer.
  if (isAnswered(scene, hop)) return undefined;
  const packet = source === undefined ? undefined : solicitation(source, last.name, hop.address);
  const rules = scene.firewall[owner.side];
  const rule = packet && sureEnd(rules, packet, 'input');
  // The kernel does not tell in whose namespace: it was not in one whose rules end nothing.
  const isItsOwn = packet === undefined || HEARS.some((hook) => mayEnd(rules, packet, hook));
  const told = confirmed(scene, NETFILTER) && isItsOwn;
  return told || rule ? { side: owner.side, dev: last.name, address: hop.address, rule, told } : undefined;
}

/** The waiting packet's own source where the interface holds it, else the link-local address there: ndisc_solicit(), net/ipv6/ndisc.c. */
export function askingFrom({ path, place }: Scene, { stack, dev }: NextHop): string | undefined {
  const own = linkNamed(stack, dev)?.addresses.filter(({ family }) => family === 6) ?? [];
  const waiting = place?.direction === 'reply' ? path.realDestination : path.sourceAddress;
  return (own.find(({ address }) => address === waiting) ?? own.find(({ scope }) => scope === 'link'))
    ?.address;
}

/** A neighbour solicitation as it comes in: to the group of the address (RFC 4291, 2.7.1), and never tracked (nf_conntrack_proto_icmpv6.c). */
export const solicitation = (source: string, dev: string, address: string): Packet => {
  const last = ipaddr.parse(address).toByteArray().slice(-3);
  const group = [0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xff, ...last];
  return {
    source,
    destination: ipaddr.fromByteArray(group).toString(),
    in: dev,
    out: null,
    proto: 'icmp',
    icmpType: SOLICITATION,
    sourcePort: null,
    destinationPort: null,
    state: 'untracked',
    isLocal: () => false,
  };
};

/** A question for the next hop left the sender: whatever its firewall does, the packets wait for the answer. */
export function asksForNextHop(scene: Scene): boolean {
  const hop = nextHop(scene, outgoing(scene));
  return hop !== undefined && isUnresolved(scene, hop) && questions(scene, hop.address).length > 0;
}
