/** The rules that a packet comes to at a hook, in the order in which the kernel asks them. */
import type { Rule } from '../model/evidence.ts';
import type { Clauses } from './clause.ts';
import { familyOf, type Hook, hookOf, isOfFamily, type NatHook } from './rule-chain.ts';
import { clausesOf, fits, type Packet } from './rule-clauses.ts';

/** A rule that the packet may meet. */
export interface Met {
  readonly rule: Rule;
  readonly clauses: Clauses;
  /** Null: the rule asks something that cannot be said from here. */
  readonly matches: true | null;
  /** The packet surely comes to it, and it matches. */
  readonly sure: boolean;
}

/** A base chain and its policy. */
export interface Base {
  readonly policy: Rule | undefined;
  /** What the packet meets from there on, through all chains that are called; who asks stops at a verdict. */
  readonly met: () => Generator<Met, void>;
}

/** Targets that end a packet. */
export const ENDS = /^(DROP|REJECT)$/;
/** Those that hand it to a program, which may do anything with it. */
export const ELSEWHERE = /^(NFQUEUE|QUEUE)$/;

/** A chain that calls itself is refused by the kernel; one that is listed so is not followed for ever. */
const DEEPEST = 16;

/** Chains that this rule leads to: by a jump, or named in a verdict map that stands in the rule itself. */
function calls(rule: Rule, target: string | null): string[] {
  const named = [...rule.text.matchAll(/\b(?:jump|goto) ([^\s,}]+)/g)].map(([, name]) => name as string);
  return rule.engine === 'nft' ? named : target === null ? [] : [target];
}

/** By the names of their tables and their own, in the order in which they are listed. */
type Chains = ReadonlyMap<string, readonly Rule[]>;

const nameOf = ({ engine, family, table }: Rule, chain: string): string =>
  [engine, family, table, chain].join(' ');

/** A packet is followed through the same rules hook by hook, and some hosts have fifty thousand. */
const listed = new WeakMap<readonly Rule[], Chains>();

function chainsOf(rules: readonly Rule[]): Chains {
  const before = listed.get(rules);
  if (before) return before;
  const chains = new Map<string, Rule[]>();
  for (const rule of rules) {
    const name = nameOf(rule, rule.chain);
    const chain = chains.get(name);
    if (chain) chain.push(rule);
    else chains.set(name, [rule]);
  }
  listed.set(rules, chains);
  return chains;
}

interface Walk {
  readonly chains: Chains;
  readonly packet: Packet;
}

function* along(walk: Walk, chain: readonly Rule[], comes: boolean, depth = 0): Generator<Met, void> {
  const { chains, packet } = walk;
  let isSure = comes;
  for (const rule of chain) {
    if (rule.number === null) continue;
    const clauses = clausesOf(rule);
    const matches = fits(clauses, packet);
    if (matches === false) continue;
    const sure = isSure && matches === true;
    yield { rule, clauses, matches, sure };
    if (clauses.target === 'RETURN') {
      if (matches === true) return;
      isSure = false;
    }
    for (const name of depth < DEEPEST ? calls(rule, clauses.target) : []) {
      const called = chains.get(nameOf(rule, name)) ?? [];
      yield* along(walk, called, sure, depth + 1);
      if (called.length === 0 || !rule.verdict.startsWith('goto ')) continue;
      if (matches === true) return;
      isSure = false;
    }
  }
}

/** Rules of the family bridge are asked about frames, and those of IP about what is in them. */
const isFor = (rule: Rule, packet: Packet): boolean =>
  packet.frame ? rule.engine === 'nft' && rule.family === 'bridge' : isOfFamily(rule, familyOf(packet));

/** The base chains of the hook, as they are listed. */
export function basesAt(rules: readonly Rule[], packet: Packet, hook: Hook): Base[] {
  const chains = chainsOf(rules);
  return [...chains.values()]
    .filter(([first]) => first && hookOf(first) === hook && isFor(first, packet))
    .map((chain) => ({
      policy: chain.find(({ number }) => number === null),
      met: () => along({ chains, packet }, chain, true),
    }));
}

/** The rules that end the packet at this hook if it comes to them and they match, the first ones first. */
export const endingRules = (rules: readonly Rule[], packet: Packet, hook: NatHook): Met[] =>
  basesAt(rules, packet, hook).flatMap(({ met }) => {
    const found: Met[] = [];
    for (const one of met()) {
      if (ENDS.test(one.clauses.target ?? '')) found.push(one);
      if (one.sure && /^(ACCEPT|DROP|REJECT)$/.test(one.clauses.target ?? '')) break;
    }
    return found;
  });

/** Is there a rule or policy at this hook that may end the packet, as far as can be said from here? */
export const mayEnd = (rules: readonly Rule[], packet: Packet, hook: Hook): boolean =>
  basesAt(rules, packet, hook).some(({ met, policy }) => {
    for (const { rule, clauses, sure } of met()) {
      const target = clauses.target ?? '';
      if (ENDS.test(target) || ELSEWHERE.test(target) || isDecidedByMap(rule, packet)) return true;
      if (target === 'ACCEPT' && sure) return false;
    }
    return policy?.verdict === 'drop';
  });

/** The rule or policy that surely ends the packet at this hook; undefined where it passes, and where that cannot be said. */
export function sureEnd(rules: readonly Rule[], packet: Packet, hook: Hook): Rule | undefined {
  for (const { met, policy } of basesAt(rules, packet, hook)) {
    let isAccepted = false;
    for (const { rule, clauses, sure } of met()) {
      const target = clauses.target ?? '';
      if (ENDS.test(target)) return sure ? rule : undefined;
      if (ELSEWHERE.test(target) || isDecidedByMap(rule, packet)) return undefined;
      isAccepted = target === 'ACCEPT';
      if (isAccepted && !sure) return undefined;
      if (isAccepted) break;
    }
    if (!isAccepted && policy?.verdict === 'drop') return policy;
  }
  return undefined;
}

const MAP = / vmap (@\S+|\{[^}]*\})/;

/** What a verdict map makes of the packet is not looked up; one of states that leaves new flows out makes nothing of their first. */
export function isDecidedByMap({ engine, text }: Rule, { state }: Packet): boolean {
  const map = engine === 'nft' ? (MAP.exec(text)?.[1] ?? '') : '';
  if (state === 'new' && /\bct state vmap \{/.test(text)) return /\bnew :/.test(map);
  return /^@|: (accept|drop)\b/.test(map);
}
