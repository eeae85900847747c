/**
 * What the rules of today would make of the first packet of a flow: chains of type nat are asked for it alone, and what they
 * decide then holds as long as its entry of connection tracking lives (nf_nat_inet_fn, net/netfilter/nf_nat_core.c).
 */
import type { Rule } from '../model/evidence.ts';
import type { Clauses } from './clause.ts';
import { endpoint } from './nat-rules.ts';
import { sameChain } from './rule-chain.ts';
import { clausesOf, type Packet } from './rule-clauses.ts';
import { basesAt, isDecidedByMap, type Met } from './rule-walk.ts';

export type Today =
  /** By one of these rules, surely; where each leads, null where it does not tell. */
  | {
      readonly kind: 'rewritten';
      readonly rules: readonly Rule[];
      readonly addresses: readonly (string | null)[];
    }
  /** This one lets it pass before another that would rewrite it. */
  | { readonly kind: 'spared'; readonly by: Rule }
  | { readonly kind: 'untouched' }
  /** A rule asks what cannot be said from here: the user, a set, chance. */
  | { readonly kind: 'unknown' };

const REWRITES = {
  prerouting: /^(DNAT|REDIRECT|NETMAP)$/,
  output: /^(DNAT|REDIRECT|NETMAP)$/,
  postrouting: /^(SNAT|MASQUERADE|NETMAP)$/,
} as const;
type Hook = keyof typeof REWRITES;

/** Chains of type filter rewrite nothing, and what they accept goes on to those that do. */
const mayBeNat = ({ engine, table }: Rule): boolean => engine === 'nft' || table === 'nat';

/** `packet` with the source port, or whatever else of it rules may ask. */
export function natToday(rules: readonly Rule[], packet: Packet, hook: Hook): Today {
  const mine = rules.filter(mayBeNat);
  const all = basesAt(mine, packet, hook).map(({ met }) => ofBase([...met()], { rules: mine, packet, hook }));
  // Who accepts in one chain is asked by the next one of the hook all the same.
  for (const kind of ['rewritten', 'unknown', 'spared'] as const) {
    const found = all.find((one) => one.kind === kind);
    if (found) return found;
  }
  return { kind: 'untouched' };
}

interface Walk {
  readonly rules: readonly Rule[];
  readonly packet: Packet;
  readonly hook: Hook;
}

function ofBase(met: readonly Met[], walk: Walk): Today {
  const { packet, hook } = walk;
  const isRewrite = ({ clauses }: Pick<Met, 'clauses'>): boolean => REWRITES[hook].test(clauses.target ?? '');
  const maybe: Met[] = [];
  for (const [index, one] of met.entries()) {
    if (isDecidedByMap(one.rule, packet)) return { kind: 'unknown' };
    if (isRewrite(one)) {
      maybe.push(one);
      if (one.sure) return rewritten(maybe);
    } else if (one.clauses.target === 'ACCEPT') {
      if (!met.slice(index + 1).some(isRewrite)) break;
      return one.sure && maybe.length === 0 ? { kind: 'spared', by: one.rule } : { kind: 'unknown' };
    }
  }
  if (maybe.length > 0) return { kind: 'unknown' };
  const returns = met.find(
    ({ rule, clauses, sure }) => sure && clauses.target === 'RETURN' && isKeptBy(rule, walk, isRewrite),
  );
  return returns ? { kind: 'spared', by: returns.rule } : { kind: 'untouched' };
}

/** Would the packet come to a rule that rewrites it, if nothing in this one's chain led it out? */
function isKeptBy(rule: Rule, { rules, packet, hook }: Walk, isRewrite: (one: Met) => boolean): boolean {
  const others = rules.filter((one) => !(sameChain(one, rule) && clausesOf(one).target === 'RETURN'));
  return basesAt(others, packet, hook).some(({ met }) => [...met()].some(isRewrite));
}

const rewritten = (met: readonly Met[]): Today => ({
  kind: 'rewritten',
  rules: met.map(({ rule }) => rule),
  addresses: met.map(({ clauses }) => addressOf(clauses)),
});

/** An address that is looked up, or a range of them, is none that can be told. */
const addressOf = ({ argument }: Clauses): string | null =>
  /-|@|\bmap\b/.test(argument ?? '') ? null : endpoint(argument).address;
