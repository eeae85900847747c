/** A rule that is said again before itself with something changed: for what it is meant for it stays. */
import type { Rule } from '../model/evidence.ts';
import type { Fix } from '../model/fix.ts';
import type { Netns } from '../model/netns.ts';
import { hasPlace, isWhole, specOf, uncounted } from './rule.ts';
import { inserted } from './spare.ts';
import { placed } from './spare-nft.ts';

/** What is changed, in the words of either kind; null for what cannot be said so. */
interface Change {
  /** Of the line as nft lists it, without what it has counted. */
  readonly nft: (text: string) => string | null;
  /** Of the words of iptables, without the chain. */
  readonly iptables: (spec: readonly string[]) => string[] | null;
}

/** Empty where the rule cannot be named or said again. */
export function before(
  rule: Rule,
  { nft, iptables }: Change,
  netns: Netns | null,
  about: Pick<Fix, 'title' | 'affects'>,
): Fix[] {
  if (!hasPlace(rule)) return [];
  if (rule.engine === 'nft') {
    const text = isWhole(rule) ? nft(uncounted(rule.text)) : null;
    return text === null ? [] : [placed('insert', rule, text, netns, about)];
  }
  const spec = specOf(rule);
  const words = spec && iptables(spec);
  return words ? [inserted(rule, rule.number, words, netns, about)] : [];
}
