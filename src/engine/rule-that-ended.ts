/**
 * What was seen outranks what was inferred: a verdict that says what is wrong with the packets names the rule that they were
 * traced to end by, too, where its cause does not.
 */
import { endingHit } from '../kernel/rules.ts';
import type { Claim } from '../model/cause.ts';
import type { RuleHit } from '../model/facts.ts';
import type { Scene } from '../model/scene.ts';
import { ruleName } from '../words/telling.ts';
import { capital } from '../words/text.ts';

/** The claim as it is where it names a rule, or where no rule was traced to end the lost probes themselves. */
export function withRule(claim: Claim, scene: Scene, hits: readonly RuleHit[]): Claim {
  const isOfProbes = scene.symptom.kind !== 'answered' && !scene.exchange && !scene.bigProbe?.vanished;
  const hit = isOfProbes && !claim.rule ? endingHit({ ...scene, ruleHits: hits }) : undefined;
  if (hit?.by !== 'trace' || hit.rule.number === null) return claim;
  const { rule } = hit;
  const said = [claim.what, claim.why, claim.do].join(' ');
  if (said.includes(rule.text) || said.includes(ruleName(rule))) return claim;
  const whom = hit.direction === 'reply' ? 'the answers' : 'the requests';
  return {
    ...claim,
    rule,
    owner: claim.owner ?? rule.owner,
    why: `${claim.why} ${capital(ruleName(rule))} was seen to end ${whom}: ${rule.text}.`,
  };
}
