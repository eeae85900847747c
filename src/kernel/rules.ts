/** Reading the rules a probe met. */
import type { Answer } from '../model/answer.ts';
import type { Rule } from '../model/evidence.ts';
import type { RuleHit } from '../model/facts.ts';
import type { Scene } from '../model/scene.ts';
import { sameChain } from './rule-chain.ts';

/** Causes that say of a rule only that it ended the packet: whoever knows whose rule it is, or whose namespace, says more. */
export const OF_ANY_RULE = [
  'firewall-rule-drop',
  'forward-policy-drop',
  'input-rule-drop',
  'output-rule-drop',
] as const;

const ENDS = /^(drop|reject|policy drop|queue|stolen)/;

/** By its place: the text of nft's has counters, which go on between one look and the next. */
export const isSameRule = (one: Rule, other: Rule): boolean =>
  sameChain(one, other) && one.number === other.number;

/** Hands the packet to a local socket, and throws away only what none takes: net/netfilter/xt_TPROXY.c, nft_tproxy.c. */
export const HANDS_OVER = /\bTPROXY\b|\btproxy (ip6? )?to\b/;

/** Did the kernel's own trace show any of them? Counters tell no more than that something met a rule. */
export const isTraced = (hits: Answer<readonly RuleHit[]>): boolean =>
  hits.known && hits.value.some(({ by }) => by === 'trace');

/** Does this verdict end a packet's way? */
export const ends = (verdict: string): boolean => ENDS.test(verdict);

export type Ruled = Scene & { readonly ruleHits: readonly RuleHit[] };

/**
 * The rule or policy that ended the probe in the direction in which it is lost, or undefined. Where a rule let some
 * probes pass and ended others, the first end counts.
 */
export function endingHit(scene: Pick<Ruled, 'place' | 'ruleHits'>): RuleHit | undefined {
  const direction = scene.place?.direction ?? 'request';
  const ended = scene.ruleHits.filter((hit) => ends(hit.verdict));
  // A request that arrived and an answer that no hop saw: the answer may have ended where it was born.
  const unborn = direction === 'request' && scene.place?.stage === 'deliver' ? ended[0] : undefined;
  return ended.find((hit) => hit.direction === direction) ?? unborn;
}

/** What the same packet met in the same namespace before this rule, in its order. */
export const metBefore = (hits: readonly RuleHit[], hit: RuleHit): RuleHit[] =>
  hits
    .slice(0, hits.indexOf(hit))
    .filter((one) => one.side === hit.side && one.probe === hit.probe && one.direction === hit.direction);

/**
 * The hook at which a hit ended the packet. A rule of a chain without a hook of its own was jumped to: the last base
 * chain of its table that was met before tells; without one, the stage does.
 */
export function hookOf(scene: Ruled, hit: RuleHit): string {
  if (hit.rule.hook) return hit.rule.hook;
  const before = scene.ruleHits
    .slice(0, scene.ruleHits.indexOf(hit))
    .findLast(
      (one) =>
        one.rule.hook !== null &&
        one.probe === hit.probe &&
        one.rule.table === hit.rule.table &&
        one.rule.family === hit.rule.family,
    );
  if (before?.rule.hook) return before.rule.hook;
  const stage = scene.place?.stage;
  return stage === 'send' ? 'output' : stage === 'deliver' ? 'input' : 'forward';
}

/** Is the sender told (a RST or an ICMP error), or not? */
export const isReject = (hit: RuleHit): boolean => hit.verdict.startsWith('reject');

/** `drops` or `rejects`. */
export const verb = (hit: RuleHit): string => (isReject(hit) ? 'rejects' : 'drops');

/** `proved` by the kernel's own trace, `supported` by counters that grew. */
export const surely = (hit: RuleHit): 'proved' | 'supported' => (hit.by === 'trace' ? 'proved' : 'supported');
