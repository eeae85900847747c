/** The fix that leaves one sender out of a rule, and the rule as it is for everybody else. */
import type { Rule } from '../model/evidence.ts';
import type { Fix } from '../model/fix.ts';
import type { Netns } from '../model/netns.ts';
import { ruleName } from '../words/telling.ts';
import { canBeNamed, leavesOut, specOf } from './rule.ts';
import { inserted, withVerdict } from './spare.ts';
import { placed } from './spare-nft.ts';

const SOURCE = /^(-s|--source|--src-range)$/;

/** A rule before it with the same matches, for this source, that does nothing. Empty where the rule names sources itself. */
export function leavingOut(rule: Rule, source: string, netns: Netns | null): Fix[] {
  if (rule.number === null || rule.number === 0 || !canBeNamed(rule)) return [];
  const about = {
    title: `Leave ${source} out of ${ruleName(rule)}`,
    affects: `what ${source} sends; the rule stays for everybody else`,
  };
  if (rule.engine === 'nft') {
    const matches = /^(.*?)\s*\b(?:dnat|redirect)\b/.exec(
      rule.text.replace(/\bcounter packets \d+ bytes \d+ ?/, ''),
    )?.[1];
    if (matches === undefined || rule.handle === null || leavesOut(rule.text) || /\bsaddr\b/.test(matches))
      return [];
    const from = `${source.includes(':') ? 'ip6' : 'ip'} saddr ${source}`;
    return [placed('insert', rule, [from, matches, 'return'].filter(Boolean).join(' '), netns, about)];
  }
  const spec = specOf(rule);
  if (spec === null || spec.some((word) => SOURCE.test(word))) return [];
  return [inserted(rule, rule.number, withVerdict(['-s', source, ...spec], 'RETURN'), netns, about)];
}
