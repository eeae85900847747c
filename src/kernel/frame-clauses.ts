/** What an nft rule of the family bridge asks of a frame, as clauses; its words are those of `nft list ruleset`. */
import type { Clause } from './clause.ts';
import { type Asked, ETHER_TYPE, fieldAt } from './frame-field.ts';

/** What nft has a frame be before it looks into a header that only one protocol has (proto.c): listed only where it is not plain. */
const CARRIER: Readonly<Record<string, readonly string[]>> = {
  ip: ['ip'],
  ip6: ['ip6'],
  icmp: ['ip'],
  icmpv6: ['ip6'],
  tcp: ['ip', 'ip6'],
  udp: ['ip', 'ip6'],
};

const isProtocol = (values: readonly string[]): Clause => ({
  on: 'frame',
  not: false,
  values,
  field: ETHER_TYPE,
});

/** Of `ip saddr`, `icmpv6 type` and the like. */
export function carriedBy(name: string): Clause[] {
  const carrier = CARRIER[name.split(' ')[0] ?? ''];
  return carrier === undefined ? [] : [isProtocol(carrier)];
}

/** The clauses that begin at this word, and the last word of theirs; undefined where it is about no bytes of a frame. */
export function frameClauses(
  all: readonly string[],
  index: number,
): { readonly asks: readonly Clause[]; readonly at: number } | undefined {
  const found = fieldAt(all, index);
  return found && compared(all, index, found);
}

function compared(
  all: readonly string[],
  index: number,
  { field, words, protocol }: Asked,
): { readonly asks: readonly Clause[]; readonly at: number } {
  let at = index + words;
  const isMasked = all[at] === '&';
  const mask = isMasked ? `${all[at + 1]}&` : '';
  if (isMasked) at += 2;
  const not = all[at] === '!=';
  if (not || all[at] === '==') at++;
  const values = (all[at] ?? '')
    .replace(/^\{|\}$/g, '')
    .split(',')
    .map((value) => `${mask}${value.trim()}`)
    .filter((value) => value !== mask);
  const asks: Clause[] = protocol === null ? [] : [isProtocol([protocol])];
  return { asks: [...asks, { on: 'frame', not, values, field }], at };
}
