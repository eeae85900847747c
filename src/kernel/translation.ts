/** The translation that the rules of a namespace give a new flow: what its nat chains come to, in their order. */
import type { Rule } from '../model/evidence.ts';
import { destinationRewrites, type Rewrite } from './nat-rules.ts';
import { hookOf, type NatHook, sameTable } from './rule-chain.ts';
import { clausesOf, fits, type Packet } from './rule-clauses.ts';

/** A table of one family says nothing to packets of the other. */
const isOfFamily = ({ family }: Rule, { destination }: Packet): boolean =>
  family !== (destination.includes(':') ? 'ip' : 'ip6');

/** A chain that calls itself is refused by the kernel; one that is listed so is not followed for ever. */
const DEEPEST = 16;

/** Chains that this rule leads to: by a jump, or named in a verdict map that stands in the rule itself. */
function calls(rule: Rule, target: string | null): string[] {
  const named = [...rule.text.matchAll(/\b(?:jump|goto) ([^\s,}]+)/g)].map(([, name]) => name as string);
  return rule.engine === 'nft' ? named : target === null ? [] : [target];
}

interface Walk {
  readonly rules: readonly Rule[];
  readonly packet: Packet;
}

type End = Rewrite | 'accepted' | null;

function walk({ rules, packet }: Walk, chain: readonly Rule[], depth = 0): End {
  for (const rule of chain) {
    if (rule.number === null) continue;
    const clauses = clausesOf(rule);
    const matches = fits(clauses, packet);
    if (matches === false) continue;
    const [rewrite] = destinationRewrites([rule]);
    if (rewrite && clauses.target !== 'TPROXY') return rewrite;
    // What an exception asks, of whose program it is most of all, is not known: it is for others, then.
    if (matches === true && clauses.target === 'ACCEPT') return 'accepted';
    if (matches === true && clauses.target === 'RETURN') return null;
    for (const name of depth < DEEPEST ? calls(rule, clauses.target) : []) {
      const called = rules.filter((one) => sameTable(one, rule) && one.chain === name);
      const end = walk({ rules, packet }, called, depth + 1);
      if (end !== null) return end;
      if (matches === true && called.length > 0 && rule.verdict.startsWith('goto ')) return null;
    }
  }
  return null;
}

/**
 * The rule that would rewrite the destination of this packet, as nf_nat asks for a flow's first one; undefined for none. A
 * rule that asks what cannot be said from here counts as met, an exception that does so as not.
 */
export function translation(rules: readonly Rule[], packet: Packet, hook: NatHook): Rewrite | undefined {
  const known = rules.filter((rule) => isOfFamily(rule, packet));
  const bases = known.filter((rule) => hookOf(rule) === hook);
  const seen: Rule[] = [];
  for (const base of bases) {
    if (seen.some((one) => sameTable(one, base) && one.chain === base.chain)) continue;
    seen.push(base);
    const chain = bases.filter((one) => sameTable(one, base) && one.chain === base.chain);
    const end = walk({ rules: known, packet }, chain);
    if (end !== null && end !== 'accepted') return end;
  }
  return undefined;
}
