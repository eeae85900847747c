/** The fix that lets a rule name a zone of connection tracking for the direction it was begun in, and no other. */
import type { Zone } from '../kernel/zones.ts';
import type { Fix } from '../model/fix.ts';
import { ruleName } from '../words/telling.ts';
import { canBeNamed, leavesOut, specOf } from './rule.ts';
import { inserted } from './spare.ts';
import { placed } from './spare-nft.ts';

/** The same rule before it, with `original` in it: the first that names a zone wins. Empty for what cannot be said again. */
export function forOriginalOnly({ rule, id, way }: Zone): Fix[] {
  if (rule?.number == null || rule.number === 0 || way !== 'both' || !canBeNamed(rule)) return [];
  const about = {
    title: `Let ${ruleName(rule)} name zone ${id} for the direction that begins a connection alone`,
    affects: 'what that rule matches: connections that begin then; answers are found in zone 0',
  };
  if (rule.engine === 'nft') {
    if (rule.handle === null || leavesOut(rule.text)) return [];
    const text = rule.text
      .replace(/\bcounter packets \d+ bytes \d+ ?/, '')
      .replace(/\bct zone set\b/, 'ct original zone set');
    return [placed('insert', rule, text, null, about)];
  }
  const spec = specOf(rule)?.map((word) => (word === '--zone' ? '--zone-orig' : word));
  return spec ? [inserted(rule, rule.number, spec, null, about)] : [];
}
