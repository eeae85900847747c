/** Does a packet get as far as a rule in a chain that others call? */
import type { Rule } from '../model/evidence.ts';
import type { Family } from '../model/flow.ts';
import { clausesOf, decides, fits, type Packet } from './rule-clauses.ts';

export type Hook = NatHook | 'forward';
export type NatHook = 'prerouting' | 'input' | 'output' | 'postrouting';

const BUILT_IN = /^(PREROUTING|INPUT|FORWARD|OUTPUT|POSTROUTING)$/;

/** The hook of a base chain; null for a chain that must be called. */
export function hookOf(rule: Rule): string | null {
  if (rule.engine !== 'nft') return BUILT_IN.test(rule.chain) ? rule.chain.toLowerCase() : null;
  return rule.hook?.toLowerCase() ?? null;
}

export const sameTable = (one: Rule, two: Rule): boolean =>
  one.engine === two.engine && one.family === two.family && one.table === two.table;

export const sameChain = (one: Rule, two: Rule): boolean => sameTable(one, two) && one.chain === two.chain;

/** A table of one family says nothing to packets of the other, and one of frames or of ARP nothing to either. */
export const isOfFamily = (rule: Pick<Rule, 'family'>, family: Family): boolean =>
  rule.family === 'inet' || rule.family === (family === 6 ? 'ip6' : 'ip');

export const familyOf = ({ destination }: Pick<Packet, 'destination'>): Family =>
  destination.includes(':') ? 6 : 4;

/** By a jump, or by a verdict map, of which the rule does not tell where it leads. */
const leadsTo = (caller: Rule, chain: string): boolean => {
  if (decides(caller)) return false;
  const { target, options } = clausesOf(caller);
  return target === chain || (options.includes('vmap') && caller.chain !== chain);
};

/**
 * Is the rule's chain on the way of the packet at this hook: a base chain there, or called from one by rules that let
 * the packet through? Null where a calling rule asks something that cannot be said.
 */
export function reaches(
  rules: readonly Rule[],
  rule: Rule,
  packet: Packet,
  hook: Hook,
  called: readonly string[] = [],
): boolean | null {
  const base = hookOf(rule);
  if (base !== null) return base === hook;
  if (called.includes(rule.chain)) return false;
  const answers = rules
    .filter((caller) => sameTable(caller, rule) && leadsTo(caller, rule.chain))
    .map((caller) => {
      const matches = fits(clausesOf(caller), packet);
      if (matches === false) return false;
      const above = reaches(rules, caller, packet, hook, [...called, rule.chain]);
      return above === false ? false : matches === null || above === null ? null : true;
    });
  return answers.includes(true) ? true : answers.includes(null) ? null : false;
}

/** Would the packet be taken by this rule: is it reached, and does it match? */
export function meets(rules: readonly Rule[], rule: Rule, packet: Packet, hook: Hook): boolean | null {
  if (!isOfFamily(rule, familyOf(packet))) return false;
  const matches = fits(clausesOf(rule), packet);
  if (matches === false) return false;
  const reached = reaches(rules, rule, packet, hook);
  return reached === false ? false : matches === null || reached === null ? null : true;
}
