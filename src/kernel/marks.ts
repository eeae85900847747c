/** The packet's mark: what a rule asks of it, and which rule gave it. iptables-extensions(8) mark, MARK; nft(8) meta mark. */
import type { Rule } from '../model/evidence.ts';
import type { RuleHit } from '../model/facts.ts';
import { unquoted, words } from './rule-words.ts';
import { metBefore } from './rules.ts';

/** Bits of the mark, and the value they must have. */
export interface Bits {
  readonly value: number;
  readonly mask: number;
}

const ALL = 0xffffffff;
const NUMBER = /^(0x[0-9a-f]+|\d+)$/i;
const u32 = (value: number): number => value >>> 0;

/** Of `VALUE` or `VALUE/MASK`; null where it is neither. */
export function bits(text: string | undefined): Bits | null {
  const [value = '', mask = ''] = (text ?? '').split('/');
  if (!NUMBER.test(value) || (mask !== '' && !NUMBER.test(mask))) return null;
  return { value: u32(Number(value)), mask: mask === '' ? ALL : u32(Number(mask)) };
}

/** What the rule asks of the packet's mark; null where it asks nothing, or in words that are not read here. */
export function markAsked(rule: Rule): Bits | null {
  const text = unquoted(rule.text);
  if (rule.engine !== 'nft') {
    const all = words(text);
    const at = all.indexOf('--mark');
    return at < 0 || all[at - 1] === '!' || all[at - 1] === 'connmark' ? null : bits(all[at + 1]);
  }
  const masked =
    /\bmeta mark (?:and|&) (\S+) == (\S+)/.exec(text) ?? /\bmark (?:and|&) (\S+) == (\S+)/.exec(text);
  if (masked) return bits(`${masked[2]}/${masked[1]}`);
  return bits(/\bmeta mark (0x[0-9a-f]+|\d+)(?=\s|$)/i.exec(text)?.[1]);
}

/** Of what CONNMARK does, this alone (xt_connmark.c): `--set-xmark` and `--save-mark` write that of the connection. */
const SETS = /-j MARK(?=\s|$)|-j CONNMARK --restore-mark(?=\s|$)|\bmeta mark set\b|--tproxy-mark(?=\s|$)/;

/** Does the rule write the packet's mark, and not only that of its connection? */
export const setsMark = (rule: Rule): boolean => SETS.test(unquoted(rule.text));

export interface MarkStory extends Bits {
  /** The packet's mark at the rule that asks. */
  readonly mark: number;
  /** The rule that was seen to write it last; null: it came with the packet, by a program's socket, tc or another namespace. */
  readonly by: RuleHit | null;
}

/** Which mark the packet had at a rule that asks for one, and who gave it. Null where the rule asks none, or nobody saw. */
export function markStory(hits: readonly RuleHit[], hit: RuleHit): MarkStory | null {
  const asked = markAsked(hit.rule);
  if (asked === null || hit.mark === undefined || hit.mark === 0) return null;
  const by = metBefore(hits, hit).findLast((one) => one.mark === hit.mark && setsMark(one.rule));
  return { ...asked, mark: hit.mark, by: by ?? null };
}

export const hex = (value: number): string => `0x${value.toString(16)}`;
