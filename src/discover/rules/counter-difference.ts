/** The witness for rules that no trace shows: what counted the probe is what met it. */
import type { Rule } from '../../model/evidence.ts';
import type { Counted } from './counted.ts';

export interface CounterHit {
  readonly rule: Rule;
  /** Packets of the probe's length that the rule counted in between. */
  readonly packets: number;
}

const key = ({ rule }: Counted): string =>
  [rule.engine, rule.family, rule.table, rule.chain, rule.number, rule.handle, stripped(rule.text)].join(
    '\0',
  );

/** The text of an nft rule holds its counters. */
const stripped = (text: string): string => text.replace(/counter packets \d+ bytes \d+/, 'counter');

/**
 * Rules and policies that, between two listings, counted some packets of exactly this length and nothing else.
 * `length` is the IP length in bytes, as netfilter counts it (skb->len at layer 3). A rule that other traffic met too is
 * left out: it cannot be told whether the probe was among it.
 */
export function counterDifference(
  before: readonly Counted[],
  after: readonly Counted[],
  length: number,
): CounterHit[] {
  const earlier = new Map(before.map((counted) => [key(counted), counted]));
  return after.flatMap((now) => {
    const then = earlier.get(key(now));
    if (now.packets === null || now.bytes === null || !then || then.packets === null || then.bytes === null)
      return [];
    const packets = now.packets - then.packets;
    return packets > 0 && now.bytes - then.bytes === packets * length ? [{ rule: now.rule, packets }] : [];
  });
}
