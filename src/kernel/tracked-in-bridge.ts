/** A flow that crosses this host twice: bridged to a gateway that is a port of the same bridge, then routed on from there. */
import type { Firewall, RuleHit, Sysctls } from '../model/facts.ts';
import type { Scene } from '../model/scene.ts';
import { linkNamed } from '../model/stack.ts';
import { type Leaving, sourceOnUplink } from './nat.ts';
import { isNotrack, type Rewrite, sourceRewrites } from './nat-rules.ts';
import { enteringPacket, leavingPacket } from './packet-of.ts';
import { meets } from './rule-chain.ts';
import { clausesOf, fits } from './rule-clauses.ts';

/** The setting that sends frames of every bridge through the rules of this family. ip-sysctl.rst, /proc/sys/net/bridge */
export const callsFor = (family: 4 | 6): string =>
  `net.bridge.bridge-nf-call-${family === 6 ? 'ip6tables' : 'iptables'}`;

export interface TrackedInBridge {
  readonly leaves: Leaving;
  readonly bridge: string;
  /** The rule that would have rewritten the source, had the routed crossing been the first. */
  readonly rewrite: Rewrite;
  /** Was a chain of NAT seen to be asked with this bridge as the way out? */
  readonly isSeen: boolean;
}

/** The bridge over which it goes from port to port before this host routes it. */
function bridgedFirst({ path }: Scene): string | undefined {
  const routed = path.stages.lastIndexOf('forward');
  const crossed = path.stages.indexOf('bridge');
  const port = path.hops[crossed];
  const from = path.hops[routed - 1];
  return crossed > 0 && crossed < routed && port?.where === 'host' && port.link.master === from?.name
    ? from?.name
    : undefined;
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
  const bridge = bridgedFirst(scene);
  const leaves = bridge === undefined ? undefined : sourceOnUplink(scene);
  if (bridge === undefined || !leaves || leaves.rewritten || scene.symptom.kind !== 'silence')
    return undefined;
  const link = linkNamed(scene.stacks.host, bridge);
  const isOwn = scene.flow.family === 4 && link?.bridge?.nfCallIptables === true;
  if (scene.sysctls.host[callsFor(scene.flow.family)] !== '1' && !isOwn) return undefined;
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
  const isSeen = scene.ruleHits.some(
    ({ by, side, direction, rule, packet }) =>
      by === 'trace' &&
      side === 'host' &&
      direction === 'request' &&
      rule.table === rewrite.rule.table &&
      packet?.egress === link?.ifindex,
  );
  return { leaves, bridge, rewrite, isSeen };
}
