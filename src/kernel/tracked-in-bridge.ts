/**
 * A flow that crosses this host twice: bridged first, to a gateway that is a port of the bridge or over a cable to another one,
 * then routed on from there.
 */
import type { Firewall, RuleHit, Sysctls } from '../model/facts.ts';
import type { Hop } from '../model/path.ts';
import { isHostAddress, type Scene, seen } from '../model/scene.ts';
import { linkNamed } from '../model/stack.ts';
import { type Leaving, sourceOnUplink } from './nat.ts';
import { isNotrack, type Rewrite, sourceRewrites } from './nat-rules.ts';
import { enteringPacket, leavingPacket } from './packet-of.ts';
import { meets } from './rule-chain.ts';
import { clausesOf, fits } from './rule-clauses.ts';

/** The setting that sends frames of every bridge through the rules of this family. ip-sysctl.rst, /proc/sys/net/bridge */
export const callsFor = (family: 4 | 6): string =>
  `net.bridge.bridge-nf-call-${family === 6 ? 'ip6tables' : 'iptables'}`;

interface BridgedFirst {
  readonly bridge: string;
  /** The ports by which its frames come in and leave. */
  readonly ports: readonly [Hop, Hop];
  /** Its way out is a cable to another bridge of this host. */
  readonly overCable: boolean;
}

/** The bridge over which it goes from port to port before this host routes it. */
function bridgedFirst({ path: { hops, stages } }: Scene): BridgedFirst | undefined {
  const routed = stages.lastIndexOf('forward');
  const crossed = stages.indexOf('bridge');
  const [from, port, next] = hops.slice(crossed - 1, crossed + 2);
  const isRouted = [hops[routed - 1], hops[routed]].every((hop) => hop?.where === 'host');
  if (crossed < 1 || crossed > routed || !isRouted || port?.where !== 'host' || !from) return undefined;
  const bridge = port.link.master ?? undefined;
  return bridge === undefined
    ? undefined
    : { bridge, ports: [from, port], overCable: stages[crossed + 1] === 'wire' && next?.where === 'host' };
}

/** Are frames of this bridge sent through the IP hooks: by the setting for all, or by its own option? */
export function isCalled(scene: Scene & { readonly sysctls: Sysctls }, bridge: string): boolean {
  const isOwn =
    scene.flow.family === 4 && linkNamed(scene.stacks.host, bridge)?.bridge?.nfCallIptables === true;
  return scene.sysctls.host[callsFor(scene.flow.family)] === '1' || isOwn;
}

export interface RewrittenInBridge extends Pick<BridgedFirst, 'bridge' | 'overCable'> {
  /** The source before and behind the bridge: an address of this host. */
  readonly source: string;
  readonly shown: string;
}

/**
 * Inside the bridge nothing but NAT rewrites a source (br_nf_post_routing, net/bridge/br_netfilter_hooks.c). It was given an
 * address of this host there, on the way to who is to route it: undefined where the captures do not show that, and for
 * what was given another destination too (a hairpin is masqueraded in the bridge by design).
 */
export function rewrittenInBridge(
  scene: Scene & { readonly sysctls: Sysctls },
): RewrittenInBridge | undefined {
  const first = bridgedFirst(scene);
  if (!first || !isCalled(scene, first.bridge)) return undefined;
  const [before, behind] = first.ports.map(({ id }) => seen(scene, id, 'request')[0]);
  const isRewritten =
    before !== undefined &&
    behind !== undefined &&
    before.source !== behind.source &&
    behind.destination === scene.flow.address &&
    isHostAddress(scene, behind.source);
  return isRewritten
    ? { bridge: first.bridge, overCable: first.overCable, source: before.source, shown: behind.source }
    : undefined;
}

export interface RenumberedInBridge {
  readonly bridge: string;
  /** The port that the answer had in front of the bridge, and behind it. */
  readonly port: number;
  readonly shown: number;
}

/**
 * What comes back crosses the bridge as a flow of its own where the entry of its request bears other addresses there. Its first
 * data makes one (nf_conntrack_tcp_loose), with a port of its own where the request's entry has that pair of addresses already
 * (alloc_null_binding and get_unique_tuple, net/netfilter/nf_nat_core.c). Undefined where the captures do not show that.
 */
export function renumberedInBridge(
  scene: Scene & { readonly sysctls: Sysctls },
): RenumberedInBridge | undefined {
  const { hops, stages } = scene.path;
  for (const [index, near] of hops.entries()) {
    const far = hops[index + 1];
    const bridge = near.where === 'host' ? near.link.master : null;
    if (stages[index + 1] !== 'bridge' || bridge === null || far?.link.master !== bridge) continue;
    if (!isCalled(scene, bridge)) continue;
    const port = seen(scene, far.id, 'reply')[0]?.sourcePort;
    const shown = seen(scene, near.id, 'reply').find((one) => one.sourcePort !== port)?.sourcePort;
    if (port != null && shown != null) return { bridge, port, shown };
  }
  return undefined;
}

export interface TrackedInBridge extends Pick<BridgedFirst, 'bridge' | 'overCable'> {
  readonly leaves: Leaving;
  /** The rule that would have rewritten the source, had the routed crossing been the first. */
  readonly rewrite: Rewrite;
  /** Was a chain of NAT seen to be asked with this bridge as the way out? */
  readonly isSeen: boolean;
}

/**
 * br_netfilter takes the frame through the IP hooks inside the bridge, and the entry of connection tracking is confirmed there.
 * Chains of NAT are asked for the first packet of an entry alone (nf_nat_inet_fn, net/netfilter/nf_nat_core.c), and that was
 * asked with the bridge as the way out: the routed crossing meets none of them. Undefined where it was rewritten.
 */
export function trackedInBridge(
  scene: Scene & {
    readonly firewall: Firewall;
    readonly sysctls: Sysctls;
    readonly ruleHits: readonly RuleHit[];
  },
): TrackedInBridge | undefined {
  const first = bridgedFirst(scene);
  const leaves = first && sourceOnUplink(scene);
  if (!first || !leaves || leaves.rewritten || scene.symptom.kind !== 'silence') return undefined;
  const { bridge, overCable } = first;
  if (!isCalled(scene, bridge)) return undefined;
  const rules = scene.firewall.host;
  const entering = enteringPacket(scene, bridge);
  if (rules.map(clausesOf).some((clauses) => isNotrack(clauses) && fits(clauses, entering) !== false))
    return undefined;
  const met = (rewrite: Rewrite, out: string) =>
    meets(rules, rewrite.rule, leavingPacket(scene, leaves.source, out), 'postrouting');
  const rewrite = sourceRewrites(rules).find(
    (one) => met(one, leaves.uplink) === true && met(one, bridge) === false,
  );
  if (!rewrite) return undefined;
  const egress = linkNamed(scene.stacks.host, bridge)?.ifindex;
  const isSeen = scene.ruleHits.some(
    ({ by, side, direction, rule, packet }) =>
      by === 'trace' &&
      side === 'host' &&
      direction === 'request' &&
      rule.table === rewrite.rule.table &&
      packet?.egress === egress,
  );
  return { leaves, bridge, overCable, rewrite, isSeen };
}
