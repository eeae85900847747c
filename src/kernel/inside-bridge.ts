/** Frames that stay on one bridge and are sent through the IP firewall all the same (br_netfilter). */
import type { RuleHit } from '../model/facts.ts';
import type { Scene } from '../model/scene.ts';
import { endingHit } from './rules.ts';

/** The rule of the IP families that ended a frame between two ports of one bridge. */
export function hitInsideBridge(
  scene: Scene & { readonly ruleHits: readonly RuleHit[] },
): RuleHit | undefined {
  const hit = endingHit(scene);
  const isIp = hit !== undefined && /^(ip6?|inet)$/.test(hit.rule.family);
  return isIp && hit.side === 'host' && scene.path.stages.includes('bridge') ? hit : undefined;
}

/** The bridge that both ends of the path are on. */
export const commonBridge = (scene: Scene): string | undefined =>
  scene.path.hops.find((hop) => hop.where === 'host' && hop.link.master !== null)?.link.master ?? undefined;
