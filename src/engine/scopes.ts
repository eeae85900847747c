/** Whose rules are traced: those of every namespace that the flow's packets cross. */
import type { Path } from '../model/path.ts';
import type { Target } from '../model/target.ts';
import type { Scope } from '../witness/rule.ts';

export function scopesOf(path: Path, target: Target): Scope[] {
  const families = new Set(['bridge', 'arp']);
  const other = path.hops.findLast((hop) => hop.where === 'other');
  const scopes: Scope[] = [
    { side: 'host', netns: null, families },
    { side: 'container', netns: target.netns, families: new Set() },
  ];
  if (other) scopes.push({ side: 'other', netns: other.netns, families: new Set() });
  return target.hostNetwork ? scopes.slice(0, 1) : scopes;
}
