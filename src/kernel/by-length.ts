/** What rules make of the long packets of a flow whose short ones were seen to pass. */
import type { Rule } from '../model/evidence.ts';
import { carrier, type Flow } from '../model/flow.ts';
import type { LongEnd } from '../model/long-end.ts';
import type { Carried } from './carried.ts';
import type { Subject } from './clause.ts';
import { type Hook, isOfFamily } from './rule-chain.ts';
import { clausesOf, fits, holds, type Packet } from './rule-clauses.ts';
import { type Base, basesAt, ELSEWHERE, ENDS, type Met } from './rule-walk.ts';

/** IP length of an opening without data, which passed. Bytes. */
const SHORT = 60;

type Ended = Pick<LongEnd, 'rule' | 'sure'>;
type Fate = Rule | 'passes' | 'open';

/** What a verdict map of connection states says to this packet; `none`: nothing, or it is no such map. */
function byStateMap({ rule, clauses }: Met, { state }: Packet): 'passes' | 'none' | 'open' {
  if (!clauses.options.includes('vmap')) return 'none';
  const map = /\bct state vmap \{([^}]*)\}/.exec(rule.text)?.[1];
  const others = clauses.asks.some(({ on, values }) => on === 'other' && values[0] !== 'ct');
  if (map === undefined || state === undefined || others) return 'open';
  const [, verdict = 'none'] = new RegExp(`\\b${state} : (\\w+)`).exec(map) ?? [];
  return verdict === 'accept' ? 'passes' : verdict === 'none' ? 'none' : 'open';
}

/**
 * What becomes of a packet at one base chain. A rule that ends packets and asks what cannot be said let the short ones of
 * the same flow pass, and so the long ones; one that lets pass and asks such may have done so, or not.
 */
function fateAt({ met, policy }: Base, packet: Packet): Fate {
  for (const one of met()) {
    const target = one.clauses.target ?? '';
    const mapped = byStateMap(one, packet);
    if (mapped !== 'none') return mapped;
    if (ELSEWHERE.test(target)) return 'open';
    if (target === 'ACCEPT') return one.sure ? 'passes' : 'open';
    if (ENDS.test(target) && one.sure) return one.rule;
  }
  return policy?.verdict === 'drop' ? policy : 'passes';
}

/** What a connection has carried by then: connbytes and quota of iptables-extensions(8), `ct bytes`, `ct packets` of nft(8). */
const COUNTS = /--connbytes |\bct (original |reply )?(bytes|packets|avgpkt) |(^|\s)(-m )?quota /;

/** Does it ask anything of the length of a packet, or of what its connection has carried? */
export const asksLength = (rule: Rule): boolean => /\blength /.test(rule.text) || countsConnection(rule);

/** Does the rule end what comes behind so many bytes or packets of a connection? */
export const countsConnection = ({ text }: Rule): boolean => COUNTS.test(text);

/** What is known of a packet wherever it is. */
const TOLD: ReadonlySet<Subject> = new Set(['proto', 'length', 'carried', 'dport', 'sport']);

/**
 * Does the rule end packets of this length of such flows, from whatever address and interface, there or back? With `carried`: those
 * of a connection that has carried so much.
 */
export function mayEndLong(rule: Rule, flow: Flow, length: number, carried?: Carried): boolean {
  const { asks, target } = clausesOf(rule);
  const asked = carried ? 'carried' : 'length';
  if (!isOfFamily(rule, flow.family) || !ENDS.test(target ?? '') || !asks.some(({ on }) => on === asked))
    return false;
  const packet: Packet = {
    ...{ source: '', destination: '', in: null, out: null, proto: carrier(flow), length },
    ...(carried ? { carried } : {}),
    ...{ sourcePort: flow.port, destinationPort: flow.port },
    isLocal: () => false,
  };
  // There it goes to the asked port, and back from it; the other one is any.
  return (['dport', 'sport'] as const).some((other) =>
    asks
      .filter(({ on }) => TOLD.has(on))
      .every((clause) => clause.on !== other && holds(clause, packet) === true),
  );
}

/** A rule that would end long packets alone, or those of a long transfer, if only what else it asks were known to hold. */
function suspect({ met }: Base, packet: Packet): Rule | undefined {
  for (const one of met()) {
    const { rule, clauses, sure } = one;
    const target = clauses.target ?? '';
    if ((target === 'ACCEPT' && sure) || byStateMap(one, packet) === 'passes') return undefined;
    const isOfLong = fits(clauses, { ...packet, length: SHORT }) === false || countsConnection(rule);
    if (ENDS.test(target) && isOfLong) return rule;
  }
  return undefined;
}

/** What a connection has carried whose opening is answered. */
const LITTLE: Carried = { original: { packets: 1, bytes: SHORT }, reply: { packets: 1, bytes: SHORT } };

/**
 * The rule or policy at this hook that ends a packet of this length, or of a connection that has carried so much, and none of the
 * same flow that is short, or of one that has just begun; undefined where none does. Sure ones first.
 */
export function endOfLong(
  rules: readonly Rule[],
  packet: Packet & { readonly length: number },
  hook: Hook,
): Ended | undefined {
  const short = { ...packet, length: SHORT, ...(packet.carried ? { carried: LITTLE } : {}) };
  const shortly = basesAt(rules, short, hook);
  let doubt: Ended | undefined;
  for (const [index, base] of basesAt(rules, packet, hook).entries()) {
    const fate = fateAt(base, packet);
    // What would end short ones too, by whatever rule, is read wrongly: they were seen to pass.
    if (typeof fate === 'object' && typeof fateAt(shortly[index]!, short) !== 'object')
      return { rule: fate, sure: true };
    const rule = suspect(base, packet);
    if (rule) doubt ??= { rule, sure: false };
  }
  return doubt;
}
