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

/** Every sum of bytes that some of these packets could have counted, by how many they were. */
function sums(lengths: readonly number[]): ReadonlySet<string> {
  let reached = new Set(['0:0']);
  for (const length of lengths) {
    const more = [...reached].map((sum) => {
      const [packets = 0, bytes = 0] = sum.split(':').map(Number);
      return `${packets + 1}:${bytes + length}`;
    });
    reached = new Set([...reached, ...more]);
  }
  return reached;
}

/**
 * Rules and policies that, between two listings, counted some of the packets of these lengths and nothing else.
 * `lengths` are IP lengths in bytes, one for each packet sent, as netfilter counts them (skb->len at layer 3). A rule
 * that other traffic met too is left out: it cannot be told whether the probe was among it.
 */
export function counterDifference(
  before: readonly Counted[],
  after: readonly Counted[],
  lengths: readonly number[],
): CounterHit[] {
  const earlier = new Map(before.map((counted) => [key(counted), counted]));
  const possible = sums(lengths);
  return after.flatMap((now) => {
    const then = earlier.get(key(now));
    if (now.packets === null || now.bytes === null || !then || then.packets === null || then.bytes === null)
      return [];
    const packets = now.packets - then.packets;
    return packets > 0 && possible.has(`${packets}:${now.bytes - then.bytes}`)
      ? [{ rule: now.rule, packets }]
      : [];
  });
}
