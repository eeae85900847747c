/** Which mark the rules of a hook leave a packet with, as far as the rules alone tell. */
import type { Rule } from '../model/evidence.ts';
import { setsMark } from './marks.ts';
import type { NatHook } from './rule-chain.ts';
import type { Packet } from './rule-clauses.ts';
import { basesAt } from './rule-walk.ts';
import { unquoted } from './rule-words.ts';

/** Bits that are cleared, and those that are turned over then: `--set-xmark VALUE/MASK`, as iptables lists every MARK. */
interface Written {
  readonly value: number;
  readonly mask: number;
}

const ALL = 0xffffffff;

/** Null where it is written in words that are not read here: from a connection's mark, a map, with `and`. */
function written(rule: Rule): Written | null {
  const text = unquoted(rule.text);
  const number = '(0x[0-9a-f]+|\\d+)';
  if (rule.engine !== 'nft') {
    const [, value, mask] =
      new RegExp(`--set-x?mark ${number}(?:/${number})?(?=\\s|$)`, 'i').exec(text) ?? [];
    return value === undefined
      ? null
      : { value: Number(value), mask: mask === undefined ? ALL : Number(mask) };
  }
  const bits = new RegExp(`\\bmeta mark set (?:meta )?mark (?:or|\\|) ${number}(?=\\s|$)`, 'i').exec(
    text,
  )?.[1];
  if (bits !== undefined) return { value: Number(bits), mask: Number(bits) };
  const whole = new RegExp(`\\bmeta mark set ${number}(?=\\s|$)`, 'i').exec(text)?.[1];
  return whole === undefined ? null : { value: Number(whole), mask: ALL };
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
        const bits = written(rule);
        if (!sure || bits === null) isSure = false;
        else now.mark = ((now.mark & ~bits.mask) ^ bits.value) >>> 0;
      }
      if (sure && SETTLES.test(clauses.target ?? '')) break;
    }
  return isSure ? now.mark : undefined;
}
