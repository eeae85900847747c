/** A rule before the one that ended the packet, which would have let it pass but for one thing that it asks. */

import type { EndingChain, SetLookUp } from '../model/ending-chain.ts';
import type { Rule } from '../model/evidence.ts';
import type { RuleHit } from '../model/facts.ts';
import type { Clause } from './clause.ts';
import { asLookUp, lookedUp, setNamed } from './looked-up.ts';
import { packetFor } from './packet-of.ts';
import { clausesOf, holds, type Packet } from './rule-clauses.ts';
import type { Ruled } from './rules.ts';

export interface NearMiss {
  readonly rule: Rule;
  /** The one clause that the packet does not meet. */
  readonly clause: Clause;
  /** What the set of that clause says, where it names one that could be asked. */
  readonly set: SetLookUp | null;
  readonly packet: Packet;
}

/** Back from a chain that was jumped to, the rest of the table still has its say. */
const letsPass = ({ hook }: Rule, target: string | null): boolean =>
  target === 'ACCEPT' || (target === 'RETURN' && hook === null);

/** A rule for the answers of connections is for nothing that begins one. */
const isForAnswers = (clause: Clause, isReply: boolean): boolean =>
  clause.on === 'state' && !isReply && !clause.not && !clause.values.some((one) => /^new$/i.test(one));

/** Clauses that tell what is allowed, and are worth saying where they alone are missed: not a single address. */
const isTelling = (clause: Clause): boolean =>
  !/^(other|proto|length|user|group)$/.test(clause.on) &&
  !(/^(source|destination)$/.test(clause.on) && clause.values.length < 2 && setNamed(clause) === undefined);

/** By how much that is asked a rule is about this packet. */
const MEANS_IT: readonly Clause['on'][] = [
  'in',
  'out',
  'source',
  'destination',
  'sport',
  'dport',
  'tuple',
  'mark',
];

interface Looked extends NearMiss {
  readonly held: number;
}

function look(rule: Rule, packet: Packet, isReply: boolean, lookUps: readonly SetLookUp[]): Looked | null {
  const { asks, target } = clausesOf(asLookUp(rule));
  if (!letsPass(rule, target) || asks.some((one) => isForAnswers(one, isReply))) return null;
  const answers = asks.map((clause) => {
    const wanted = lookedUp(rule, clause, packet);
    const set =
      (wanted &&
        lookUps.find(
          ({ kind, name, key }) =>
            kind === wanted.kind && name === wanted.name && (wanted.engine === 'ipset' || key === wanted.key),
        )) ??
      null;
    return { clause, set, met: set ? set.holds !== clause.not : holds(clause, packet) };
  });
  // The kernel went on behind it: what cannot be said of one clause alone was not met.
  const [missed, ...more] = answers.filter(({ met }) => met !== true);
  if (!missed || more.length > 0 || !isTelling(missed.clause)) return null;
  const held = answers.filter(
    ({ met, clause }) => met === true && !clause.not && MEANS_IT.includes(clause.on),
  ).length;
  const isAboutIt = held > 0 || setNamed(missed.clause) !== undefined;
  return isAboutIt ? { rule, clause: missed.clause, set: missed.set, packet, held } : null;
}

/** The nearest: what a set or a mark lacks before a port or an interface, then the rule that says most of this packet. */
const nearness = ({ clause, held }: Looked): number =>
  held + (setNamed(clause) !== undefined ? 200 : clause.on === 'mark' ? 100 : 0);

/**
 * Undefined where nobody saw the packet at the rule, or no rule of its chain is near. A rule that was seen to match is
 * none: it let the packet go on.
 */
export function nearMiss(
  scene: Ruled & { readonly endingChain: EndingChain },
  hit: RuleHit,
): NearMiss | undefined {
  const { rules, lookUps } = scene.endingChain;
  if (!hit.packet) return undefined;
  const packet = packetFor(scene, hit, hit.packet);
  const matched = new Set(
    scene.ruleHits
      .filter(({ rule }) => rule.chain === hit.rule.chain && rule.table === hit.rule.table)
      .map(({ rule }) => rule.number),
  );
  const { number: end } = hit.rule;
  return rules
    .filter(({ number }) => number !== null && (end === null || number < end) && !matched.has(number))
    .flatMap((rule) => look(rule, packet, hit.direction === 'reply', lookUps) ?? [])
    .toSorted((one, other) => nearness(other) - nearness(one))[0];
}
