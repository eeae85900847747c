/** The fix that takes one rule out, and puts it back at its place. */

import { saysItself, words } from '../kernel/rule-words.ts';
import type { Rule } from '../model/evidence.ts';
import type { Fix } from '../model/fix.ts';
import { run } from '../model/fix.ts';
import type { Family } from '../model/flow.ts';
import type { Netns } from '../model/netns.ts';
import { isNftName } from '../words/arguments/nft.ts';
import { ruleName } from '../words/telling.ts';
import { opens } from './opens.ts';

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

/** The iptables of the family, of the kind that keeps the old tables where that is the one in use. */
export const iptables = (family: Family, isLegacy: boolean): string =>
  `${family === 6 ? 'ip6tables' : 'iptables'}${isLegacy ? '-legacy' : ''}`;

/** The command that shows the rule where it stands. */
export const listing = (rule: Rule): [string, ...string[]] =>
  rule.engine === 'nft'
    ? ['nft', 'list', 'table', rule.family, rule.table]
    : [program(rule), '-t', rule.table, '-S', rule.chain];

/**
 * The words that make a rule of iptables and its kin again, without its chain. Null where its line does not say it
 * letter by letter: what cannot be put back as it was is not taken out.
 */
export const specOf = ({ engine, text }: Pick<Rule, 'engine' | 'text'>): string[] | null =>
  engine !== 'nft' && saysItself(text) ? words(text).slice(2) : null;

/** May the rule's table and chain stand in a command? The kernel takes names that a tool reads as something else. */
export const canBeNamed = ({ engine, table, chain }: Rule): boolean =>
  [table, chain].every((name) => (engine === 'nft' ? isNftName(name) : /^[^-\s]\S*$/.test(name)));

/** Can a command name the rule by its place? A policy has none, and one of a chain that cannot be listed is not counted. */
export const hasPlace = (rule: Rule): rule is Rule & { readonly number: number } =>
  rule.number !== null && rule.number !== 0 && canBeNamed(rule);

/**
 * Does nft leave something of the rule out? What iptables wrote and nft has no words for it prints as nothing between
 * two blanks: such a line makes another rule.
 */
export const leavesOut = (text: string): boolean => /^ | {2}/.test(text.replace(/"[^"]*"/g, '""'));

/** Can a rule of nft be found by its handle, and be said again as it is listed? */
export const isWhole = ({ handle, text }: Pick<Rule, 'handle' | 'text'>): boolean =>
  handle !== null && !leavesOut(text);

/** The line of a rule of nft without what it has counted so far. */
export const uncounted = (text: string): string => text.replace(/\bcounter packets \d+ bytes \d+ ?/, '');

/** Whoever wrote the rules of that chain writes them anew one day, and without what a fix did to them. */
export const lasting = ({ owner }: Pick<Rule, 'owner'>): string =>
  owner ? `until ${owner} writes its rules again` : 'until the rules are loaded again';

/** Deletes the rule by its place; undo inserts it there again. A rule of nft is deleted by its handle. */
export function deletion(rule: Rule, netns: Netns | null): Fix[] {
  const about = {
    title: `Remove ${ruleName(rule)}`,
    risk: 'disruptive' as const,
    lasts: lasting(rule),
    affects: `all traffic that this rule is meant for: it ${opens(rule)}`,
  };
  if (!hasPlace(rule)) return [];
  if (rule.engine === 'nft') {
    if (!isWhole(rule)) return [];
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
  const spec = specOf(rule);
  if (spec === null) return [];
  return [
    {
      ...about,
      apply: [run([tool, '-t', rule.table, '-D', rule.chain, String(rule.number)], netns)],
      undo: [run([tool, '-t', rule.table, '-I', rule.chain, String(rule.number), ...spec], netns)],
    },
  ];
}
