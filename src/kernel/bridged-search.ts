/**
 * The search for a neighbour of IPv6 as it crosses a bridge of this host. It is ICMPv6 (RFC 4861), and so br_netfilter shows it
 * to the rules of the IP families, as what comes in and leaves by the bridge (net/bridge/br_netfilter_ipv6.c); ARP it does not.
 */
import type { Rule } from '../model/evidence.ts';
import type { Firewall, Sysctls } from '../model/facts.ts';
import type { Hop } from '../model/path.ts';
import type { Scene } from '../model/scene.ts';
import { confirmed, NETFILTER } from './drops.ts';
import { answers, isUnresolved, nextHop, questions } from './next-hop.ts';
import { covers } from './routing.ts';
import type { Packet } from './rule-clauses.ts';
import { sureEnd } from './rule-walk.ts';
import { ADVERTISEMENT, askingFrom, solicitation } from './solicitation.ts';
import { callsFor } from './tracked-in-bridge.ts';
import { outgoing } from './travel.ts';

export interface BridgedSearch {
  readonly bridge: string;
  readonly message: 'solicitation' | 'advertisement';
  /** Whose address is looked for, and who sent the message that was lost. */
  readonly address: string;
  readonly source: string;
  /** The port that showed it last, and the one that never did. */
  readonly after: Hop;
  readonly before: Hop;
  /** The rule or policy of this host that surely ends it; undefined where the rules do not say so. */
  readonly rule: Rule | undefined;
  /** The kernel told of a firewall's drop. */
  readonly told: boolean;
}

/**
 * Undefined unless a message of the search was seen at one port of the bridge and not at the other, where a capture ran, the
 * bridge's frames are shown to the rules, and these end it or the kernel told of a firewall's drop.
 */
export function searchInBridge(
  scene: Scene & { readonly firewall: Firewall; readonly sysctls: Sysctls },
): BridgedSearch | undefined {
  const segment = outgoing(scene);
  const hop = nextHop(scene, segment);
  if (!segment || !hop?.address.includes(':') || !isUnresolved(scene, hop)) return undefined;
  if (scene.sysctls.host[callsFor(6)] !== '1') return undefined;
  const asker = askingFrom(scene, hop);
  const ports = portsOf(segment.hops);
  if (!ports || asker === undefined) return undefined;
  const lost = lostBetween(scene, hop.address, ports);
  if (!lost) return undefined;
  const { bridge } = ports;
  const { message } = lost;
  const source = message === 'solicitation' ? asker : hop.address;
  const packet: Packet = {
    ...(message === 'solicitation'
      ? solicitation(asker, bridge, hop.address)
      : { ...solicitation(hop.address, bridge, hop.address), destination: asker, icmpType: ADVERTISEMENT }),
    hasWayBack: (dev) =>
      scene.stacks.host.routes.some(
        (route) => route.type === 'unicast' && (dev === null || route.dev === dev) && covers(route, source),
      ),
  };
  const { host } = scene.firewall;
  const rule =
    sureEnd(host, packet, 'prerouting') ??
    sureEnd(host, { ...packet, out: bridge }, 'forward') ??
    sureEnd(host, { ...packet, in: null, out: bridge }, 'postrouting');
  const told = confirmed(scene, NETFILTER);
  return rule || told ? { bridge, address: hop.address, source, ...lost, rule, told } : undefined;
}

interface Ports {
  readonly bridge: string;
  /** In the order in which the question travels. */
  readonly near: Hop;
  readonly far: Hop;
}

function portsOf(hops: readonly Hop[]): Ports | undefined {
  for (const [index, near] of hops.entries()) {
    const far = hops[index + 1];
    const bridge = near.where === 'host' ? near.link.master : null;
    if (bridge !== null && far?.where === 'host' && far.link.master === bridge) return { bridge, near, far };
  }
  return undefined;
}

function lostBetween(
  scene: Scene,
  address: string,
  { near, far }: Ports,
): Pick<BridgedSearch, 'message' | 'after' | 'before'> | undefined {
  const isSeen = (message: typeof questions, { id }: Hop): boolean =>
    message(scene, address).some((one) => one.hop === id);
  const isLost = (message: typeof questions, after: Hop, before: Hop): boolean =>
    isSeen(message, after) && !isSeen(message, before) && scene.captured.has(before.id);
  if (isLost(questions, near, far)) return { message: 'solicitation', after: near, before: far };
  if (isLost(answers, far, near)) return { message: 'advertisement', after: far, before: near };
  return undefined;
}
