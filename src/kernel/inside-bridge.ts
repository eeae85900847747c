/** Frames that stay on one bridge and are sent through the IP firewall all the same (br_netfilter). */
import type { RuleHit } from '../model/facts.ts';
import type { Scene } from '../model/scene.ts';
import { linkByIndex } from '../model/stack.ts';
import { endingHit } from './rules.ts';

/** The rule of the IP families that ended a frame between two ports of one bridge. */
export function hitInsideBridge(
  scene: Scene & { readonly ruleHits: readonly RuleHit[] },
): RuleHit | undefined {
  const hit = endingHit(scene);
  const isIp = hit !== undefined && /^(ip6?|inet)$/.test(hit.rule.family);
  const isWithin = scene.path.stages.includes('bridge') || (hit && isToItself(scene, hit));
  return isIp && hit.side === 'host' && isWithin ? hit : undefined;
}

/**
 * A frame from a port, which is to leave by the bridge that the port belongs to: where nobody could look for the far end, that
 * says that it goes to another port.
 */
function isToItself({ stacks, place }: Scene, { packet }: RuleHit): boolean {
  const bridge = linkByIndex(stacks.host, packet?.ingress ?? 0);
  return (
    bridge?.kind === 'bridge' &&
    packet?.egress === bridge.ifindex &&
    place?.after?.link.master === bridge.name
  );
}

/** The bridge that both ends of the path are on. */
export const commonBridge = (scene: Scene): string | undefined =>
  scene.path.hops.find((hop) => hop.where === 'host' && hop.link.master !== null)?.link.master ?? undefined;
