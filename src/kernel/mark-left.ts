/** Which mark the rules of a hook leave a packet with, as far as the rules alone tell. */
import type { Rule } from '../model/evidence.ts';
import { type Bits, bits, setsMark } from './marks.ts';
import type { NatHook } from './rule-chain.ts';
import type { Packet } from './rule-clauses.ts';
import { basesAt } from './rule-walk.ts';
import { unquoted } from './rule-words.ts';

const BY_IPTABLES = /--set-x?mark ((?:0x[0-9a-f]+|\d+)(?:\/(?:0x[0-9a-f]+|\d+))?)(?=\s|$)/i;
const WITH_OR = /\bmeta mark set (?:meta )?mark (?:or|\|) (0x[0-9a-f]+|\d+)(?=\s|$)/i;
const WHOLE = /\bmeta mark set (0x[0-9a-f]+|\d+)(?=\s|$)/i;

/**
 * Bits that are cleared, and those that are turned over then: `--set-xmark VALUE/MASK`, as iptables lists every MARK. Null where
 * it is written in words that are not read here: from a connection's mark, a map, with `and`.
 */
function written(rule: Rule): Bits | null {
  const text = unquoted(rule.text);
  if (rule.engine !== 'nft') return bits(BY_IPTABLES.exec(text)?.[1]);
  const or = WITH_OR.exec(text)?.[1];
  return or === undefined ? bits(WHOLE.exec(text)?.[1]) : bits(`${or}/${or}`);
}

const SETTLES = /^(ACCEPT|DROP|REJECT|DNAT|SNAT|MASQUERADE|REDIRECT|TPROXY)$/;

/**
 * A packet comes from another namespace without a mark (skb_scrub_packet()). Undefined where a rule may or may not write it, or
 * writes what cannot be said.
 */
export function markLeft(rules: readonly Rule[], packet: Packet, hook: NatHook): number | undefined {
  // The walk asks each rule by what those before it have written.
  const now = { ...packet, mark: packet.mark ?? 0 };
  let isSure = true;
  for (const { met } of basesAt(rules, now, hook))
    for (const { rule, clauses, sure } of met()) {
      if (setsMark(rule)) {
        const mark = written(rule);
        if (!sure || mark === null) isSure = false;
        else now.mark = ((now.mark & ~mark.mask) ^ mark.value) >>> 0;
      }
      if (sure && SETTLES.test(clauses.target ?? '')) break;
    }
  return isSure ? now.mark : undefined;
}
