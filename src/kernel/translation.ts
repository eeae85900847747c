/** The translation that the rules of a namespace give a new flow: what its nat chains come to, in their order. */
import type { Rule } from '../model/evidence.ts';
import { destinationRewrites, type Rewrite } from './nat-rules.ts';
import type { NatHook } from './rule-chain.ts';
import type { Packet } from './rule-clauses.ts';
import { basesAt } from './rule-walk.ts';

/**
 * The rule that would rewrite the destination of this packet, as nf_nat asks for a flow's first one; undefined for none. A
 * rule that asks what cannot be said from here counts as met, an exception that does so as not.
 */
export function translation(rules: readonly Rule[], packet: Packet, hook: NatHook): Rewrite | undefined {
  for (const { met } of basesAt(rules, packet, hook))
    for (const { rule, clauses, matches } of met()) {
      const [rewrite] = destinationRewrites([rule]);
      if (rewrite && clauses.target !== 'TPROXY') return rewrite;
      // What an exception asks, of whose program it is most of all, is not known: it is for others, then.
      if (matches === true && clauses.target === 'ACCEPT') break;
    }
  return undefined;
}
