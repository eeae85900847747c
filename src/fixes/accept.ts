/** Fixes that let a flow pass a firewall: an accept before the rule that ends it, or a policy that accepts. */
import type { Rule } from '../model/evidence.ts';
import type { Fix } from '../model/fix.ts';
import { run } from '../model/fix.ts';
import type { Netns } from '../model/netns.ts';
import { ruleName } from '../words/telling.ts';
import { canBeNamed, program } from './rule.ts';

const lasts = 'until reboot, or until the rules are loaded again';

const isIptables = (rule: Rule): boolean =>
  rule.engine === 'iptables-nft' || rule.engine === 'iptables-legacy';

/** Inserts `-j ACCEPT` rules at the top of iptables chains of the rule's own table; empty for other engines. */
export function accepting(
  rule: Rule,
  rules: readonly { readonly chain: string; readonly match: readonly string[] }[],
  netns: Netns | null,
  about: Pick<Fix, 'title'> & Partial<Fix>,
): Fix[] {
  if (!isIptables(rule) || rules.length === 0 || !canBeNamed(rule)) return [];
  const tool = program(rule);
  const command = (verb: '-I' | '-D') =>
    rules.map(({ chain, match }) =>
      run([tool, '-t', rule.table, verb, chain, ...match, '-j', 'ACCEPT'], netns),
    );
  return [{ risk: 'safe', lasts, apply: command('-I'), undo: command('-D').reverse(), ...about }];
}

/** Makes the chain's policy accept; undo makes it drop again. */
export function opening(rule: Rule, netns: Netns | null): Fix[] {
  if (rule.number !== null || !canBeNamed(rule)) return [];
  const about = {
    title: `Let ${ruleName(rule)} accept`,
    risk: 'disruptive' as const,
    lasts,
    affects: 'everything that no rule of the chain decides',
  };
  if (isIptables(rule)) {
    const set = (policy: string) => run([program(rule), '-t', rule.table, '-P', rule.chain, policy], netns);
    return [{ ...about, apply: [set('ACCEPT')], undo: [set('DROP')] }];
  }
  const set = (policy: string) =>
    run(['nft', 'chain', rule.family, rule.table, rule.chain, '{', 'policy', policy, ';', '}'], netns);
  return [{ ...about, apply: [set('accept')], undo: [set('drop')] }];
}
