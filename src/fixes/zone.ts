/** The fix that lets a rule name a zone of connection tracking for the direction it was begun in, and no other. */
import type { Zone } from '../kernel/zones.ts';
import type { Fix } from '../model/fix.ts';
import { ruleName } from '../words/telling.ts';
import { before } from './before.ts';

/** The same rule before it, with `original` in it: the first that names a zone wins. Empty for what cannot be said again. */
export function forOriginalOnly({ rule, id, way }: Zone): Fix[] {
  if (rule === null || way !== 'both') return [];
  return before(
    rule,
    {
      nft: (text) => text.replace(/\bct zone set\b/, 'ct original zone set'),
      iptables: (spec) => spec.map((word) => (word === '--zone' ? '--zone-orig' : word)),
    },
    null,
    {
      title: `Let ${ruleName(rule)} name zone ${id} for the direction that begins a connection alone`,
      affects: 'what that rule matches: connections that begin then; answers are found in zone 0',
    },
  );
}
