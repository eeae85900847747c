/** The ways past a rule or policy that ended a flow, the least first; a default deny stays as it is. */
import type { Ruled } from '../kernel/rules.ts';
import type { EndingChain } from '../model/ending-chain.ts';
import type { RuleHit } from '../model/facts.ts';
import type { Fix } from '../model/fix.ts';
import type { Netns } from '../model/netns.ts';
import { opening } from './accept.ts';
import { isDefaultDeny } from './default-deny.ts';
import { deletion } from './rule.ts';
import { sparing } from './spare.ts';
import { acceptedAtEnd } from './spare-nft.ts';

/** A policy is opened, and a rule without narrow matches taken out, only where nothing less is at hand. */
export function pastRule(
  scene: Ruled & { readonly endingChain: EndingChain },
  hit: RuleHit,
  netns: Netns | null,
): Fix[] {
  const { rule } = hit;
  if (rule.number === null) {
    const narrow = acceptedAtEnd(scene, hit, netns);
    return narrow.length > 0 ? narrow : opening(rule, netns);
  }
  const { rules } = scene.endingChain;
  const spared = sparing(scene, hit, rules, netns);
  return isDefaultDeny(rule, rules) ? spared : [...spared, ...deletion(rule, netns)];
}
