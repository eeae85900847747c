/** Fixes for a rule that ends what is long of a flow: no packet was seen to meet it. */
import { sameChain } from '../kernel/rule-chain.ts';
import { netnsOf } from '../kernel/travel.ts';
import type { Claim } from '../model/cause.ts';
import type { Firewall, RuleHit } from '../model/facts.ts';
import type { Fix } from '../model/fix.ts';
import type { LongEnd } from '../model/long-end.ts';
import type { Scene } from '../model/scene.ts';
import { linkNamed } from '../model/stack.ts';
import { letPass } from '../words/telling.ts';
import { passing } from './pass.ts';
import { pastRule } from './past-rule.ts';

/** The packet as the rule would meet it: nobody has sent one. */
function foretold({ stacks }: Scene, { rule, side, place, packet }: LongEnd): RuleHit {
  const stack = stacks[side];
  const index = (name: string | null): number | null => (stack && linkNamed(stack, name)?.ifindex) ?? null;
  const { in: ingress, out: egress, ...ends } = packet;
  return {
    side,
    rule,
    verdict: rule.verdict,
    direction: place.direction,
    probe: 0,
    at: 0,
    by: 'counters',
    packet: { ...ends, ingress: index(ingress), egress: index(egress) },
  };
}

/** It passes before the rule, or the rule goes. */
function pastLongEnd(scene: Scene & { readonly firewall: Firewall }, end: LongEnd): Fix[] {
  const { side, rule, hook } = end;
  const hit = foretold(scene, end);
  const endingChain = { rules: scene.firewall[side].filter((one) => sameChain(one, rule)), lookUps: [] };
  const ruled = { ...scene, ruleHits: [hit], endingChain };
  if (side === 'host' && hook === 'input') return passing(ruled, hit, 'INPUT', end.packet.in);
  if (side === 'host' && hook === 'output') return passing(ruled, hit, 'OUTPUT', end.packet.out);
  return pastRule(ruled, hit, netnsOf(scene, side));
}

/** What is said of the rule, whatever it asks for. */
export const aboutRule = (
  scene: Scene & { readonly firewall: Firewall },
  end: LongEnd,
): Pick<Claim, 'do' | 'owner' | 'rule' | 'fixes'> => ({
  do: letPass(end.rule),
  owner: end.rule.owner,
  rule: end.rule,
  fixes: pastLongEnd(scene, end),
});
