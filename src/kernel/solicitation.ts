/**
 * Neighbour discovery is ICMPv6 (RFC 4861): unlike ARP its questions pass the firewall of whoever they ask, and many a
 * rule set that lets in a few ports drops them.
 */

import type { Side } from '../model/facts.ts';
import { type Fix, run } from '../model/fix.ts';
import type { Scene } from '../model/scene.ts';
import { holder } from './attachment.ts';
import { confirmed, NETFILTER } from './drops.ts';
import { isUnresolved, nextHop, questions, reached } from './next-hop.ts';
import { netnsOf, outgoing } from './travel.ts';

export interface Solicitation {
  /** Who owns the address, gets the question, and drops it. */
  readonly side: Side;
  readonly dev: string;
  readonly address: string;
}

/** Undefined unless the question got to its owner, nobody answered, and the kernel told of a firewall's drop. */
export function droppedSolicitation(scene: Scene): Solicitation | undefined {
  if (scene.flow.family !== 6 || scene.place === null || !confirmed(scene, NETFILTER)) return undefined;
  const hop = nextHop(scene, outgoing(scene));
  const last = hop?.segment.hops.at(-1);
  if (!hop || !last || !isUnresolved(scene, hop) || !reached(scene, hop).includes(last.id)) return undefined;
  const owner = holder(scene, hop.address);
  return owner && owner.side === last.where
    ? { side: owner.side, dev: last.name, address: hop.address }
    : undefined;
}

/** A question for the next hop left the sender: whatever its firewall does, the packets wait for the answer. */
export function asksForNextHop(scene: Scene): boolean {
  const hop = nextHop(scene, outgoing(scene));
  return hop !== undefined && isUnresolved(scene, hop) && questions(scene, hop.address).length > 0;
}

/** Lets the questions in. */
export function admitting(scene: Scene, { side, dev }: Solicitation): Fix {
  const netns = netnsOf(scene, side);
  const rule = ['-i', dev, '-p', 'ipv6-icmp', '--icmpv6-type', 'neighbour-solicitation', '-j', 'ACCEPT'];
  return {
    title: `Let neighbour solicitations in on ${dev}`,
    risk: 'safe',
    lasts: 'until reboot, or until the rules are loaded again',
    apply: [run(['ip6tables', '-I', 'INPUT', ...rule], netns)],
    undo: [run(['ip6tables', '-D', 'INPUT', ...rule], netns)],
  };
}
