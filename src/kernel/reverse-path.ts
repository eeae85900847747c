/** The check of a source by the way back to it: rp_filter of Documentation/networking/ip-sysctl.rst. */
import type { Rule } from '../model/evidence.ts';
import type { Side, Sysctls } from '../model/facts.ts';
import { asked, clausesOf } from './rule-clauses.ts';

/** The larger of `all` and the interface's own counts: 1 is strict, and 2 is loose. It is of IPv4 alone. */
export function isStrict(sysctls: Sysctls, side: Side, dev: string): boolean {
  const of = (name: string) => Number(sysctls[side][`net.ipv4.conf.${name}.rp_filter`] ?? 0);
  return Math.max(of('all'), of(dev)) === 1;
}

/**
 * Does a rule match what has no way back by the interface it came in by (`strict`), or by any (`loose`)? Null: it compares no
 * way back, as one that asks which type of address the source is (`fib saddr type`), or it takes what has one.
 */
export function comparesWayBack(rule: Rule): 'strict' | 'loose' | null {
  const clause = asked(clausesOf(rule), 'way-back');
  if (!clause?.not) return null;
  return clause.values[0] === 'loose' ? 'loose' : 'strict';
}
