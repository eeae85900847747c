import { describe, expect, it } from 'vitest';
import { withRule } from '../../src/engine/rule-that-ended.ts';
import type { Claim } from '../../src/model/cause.ts';
import type { Scene } from '../../src/model/scene.ts';
import { ruleName } from '../../src/words/telling.ts';
import { firewallRule, healthy, hit, type Lab, lostAt, silent } from '../causes/scene.ts';

const claim: Claim = { sure: 'proved', what: 'w', why: 'Why.', do: 'Do.' };
const traced = (): Lab => hit(lostAt(healthy('outside'), 3), { number: 1, text: '-A FORWARD -j DROP' });
const told = (lab: Lab, of = claim): Claim => withRule(of, lab as unknown as Scene, lab.ruleHits);

describe('the rule that the probes were traced to end by', () => {
  it('is named where the claim names none', () => {
    const { why, rule } = told(traced());
    expect(rule?.text).toBe('-A FORWARD -j DROP');
    expect(why).toMatch(/^Why\. Rule 1 of .* was seen to end the requests: -A FORWARD -j DROP\.$/);
  });

  it('is not named twice', () => {
    const lab = traced();
    const own = { ...claim, rule: firewallRule({ number: 2 }) };
    expect(told(lab, own)).toBe(own);
    const why = `${ruleName(lab.ruleHits.at(-1)!.rule)} drops it.`;
    expect(told(lab, { ...claim, why }).why).toBe(why);
  });

  it('is none where nothing ended them, or counters alone say so', () => {
    expect(told(silent(healthy('outside')))).toBe(claim);
    const lab = traced();
    lab.ruleHits = lab.ruleHits.map((one) => ({ ...one, by: 'counters' as const }));
    expect(told(lab)).toBe(claim);
  });
});
