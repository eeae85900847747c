/** The fix that leaves one sender out of a rule, and the rule as it is for everybody else. */
import type { Rule } from '../model/evidence.ts';
import type { Fix } from '../model/fix.ts';
import type { Netns } from '../model/netns.ts';
import { ruleName } from '../words/telling.ts';
import { before } from './before.ts';
import { withVerdict } from './spare.ts';

const SOURCE = /^(-s|--source|--src-range)$/;

/** A rule before it with the same matches, for this source, that does nothing. Empty where the rule names sources itself. */
export const leavingOut = (rule: Rule, source: string, netns: Netns | null): Fix[] =>
  before(
    rule,
    {
      nft(text) {
        const matches = /^(.*?)\s*\b(?:dnat|redirect)\b/.exec(text)?.[1];
        if (matches === undefined || /\bsaddr\b/.test(matches)) return null;
        const from = `${source.includes(':') ? 'ip6' : 'ip'} saddr ${source}`;
        return [from, matches, 'return'].filter(Boolean).join(' ');
      },
      iptables: (spec) =>
        spec.some((word) => SOURCE.test(word)) ? null : withVerdict(['-s', source, ...spec], 'RETURN'),
    },
    netns,
    {
      title: `Leave ${source} out of ${ruleName(rule)}`,
      affects: `what ${source} sends; the rule stays for everybody else`,
    },
  );
