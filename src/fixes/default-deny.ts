/** What stops everything that nothing before it lets pass: taking that away opens more than any one flow. */
import { clausesOf } from '../kernel/rule-clauses.ts';
import { ends } from '../kernel/rules.ts';
import type { Rule } from '../model/evidence.ts';

/** Subjects that select ways and not who talks to whom. */
const WIDE = /^(in|out|state|source-type|destination-type)$/;
const LETS_PASS = /^accept\b/i;

/**
 * A rule that ends whatever comes its way, with others before it that let pass, or none behind it that does anything:
 * the default of a chain, written as a rule. `chain`: all rules of the chain; none where they could not be listed.
 */
export function isDefaultDeny(rule: Rule, chain: readonly Rule[]): boolean {
  if (rule.number === null || !ends(rule.verdict)) return false;
  if (!clausesOf(rule).asks.every(({ on }) => WIDE.test(on))) return false;
  const others = chain.filter(({ number }) => number !== null && number !== rule.number);
  const isLast = chain.length > 0 && !others.some(({ number }) => number! > rule.number!);
  return isLast || others.some(({ number, verdict }) => number! < rule.number! && LETS_PASS.test(verdict));
}
