/** The fix that takes one rule out, and puts it back at its place. */

import { words } from '../kernel/rule-words.ts';
import type { Rule } from '../model/evidence.ts';
import type { Fix } from '../model/fix.ts';
import { run } from '../model/fix.ts';
import type { Netns } from '../model/netns.ts';
import { ruleName } from '../words/telling.ts';

export { words };

const PROGRAM: Readonly<Record<string, string>> = {
  ip: 'iptables',
  ip6: 'ip6tables',
  bridge: 'ebtables',
  arp: 'arptables',
};

/** iptables, ip6tables or their legacy twins for this rule. */
export function program(rule: Rule): string {
  const name = PROGRAM[rule.family] ?? 'iptables';
  return rule.engine === 'iptables-legacy' ? `${name}-legacy` : name;
}

/** Deletes the rule by its place; undo inserts it there again. A rule of nft is deleted by its handle. */
export function deletion(rule: Rule, netns: Netns | null): Fix[] {
  const about = {
    title: `Remove ${ruleName(rule)}`,
    risk: 'disruptive' as const,
    lasts: rule.owner ? `until ${rule.owner} writes its rules again` : 'until the rules are loaded again',
    affects: 'all traffic that this rule was meant for',
  };
  if (rule.number === null) return [];
  if (rule.engine === 'nft') {
    if (rule.handle === null) return [];
    const chain = [rule.family, rule.table, rule.chain] as const;
    return [
      {
        ...about,
        apply: [run(['nft', 'delete', 'rule', ...chain, 'handle', String(rule.handle)], netns)],
        undo: [
          rule.number === 1
            ? run(['nft', 'insert', 'rule', ...chain, rule.text], netns)
            : run(['nft', 'add', 'rule', ...chain, 'index', String(rule.number - 2), rule.text], netns),
        ],
      },
    ];
  }
  const tool = program(rule);
  const spec = words(rule.text).slice(2);
  return [
    {
      ...about,
      apply: [run([tool, '-t', rule.table, '-D', rule.chain, String(rule.number)], netns)],
      undo: [run([tool, '-t', rule.table, '-I', rule.chain, String(rule.number), ...spec], netns)],
    },
  ];
}
