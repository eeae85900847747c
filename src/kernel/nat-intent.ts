/** Is a network meant to be hidden behind its host's address? */
import ipaddr from 'ipaddr.js';
import type { Rule } from '../model/evidence.ts';
import type { Scene } from '../model/scene.ts';
import { type Leaving, networkOf } from './nat.ts';
import { sourceRewrites } from './nat-rules.ts';
import { asked, clausesOf } from './rule-clauses.ts';

/** RFC 1918, RFC 4193, RFC 6598 and link-local addresses, which nobody outside can answer to. */
export function isPrivate(address: string): boolean {
  return ['private', 'uniqueLocal', 'carrierGradeNat', 'linkLocal', 'loopback'].includes(
    ipaddr.parse(address).range(),
  );
}

const namesBridge = (rule: Rule, bridge: string): boolean =>
  [asked(clausesOf(rule), 'in'), asked(clausesOf(rule), 'out')].some((clause) =>
    clause?.values.includes(bridge),
  );

/**
 * The runtime's word, where it gave one. Else what the rules tell: a network whose containers may not be reached
 * directly (Docker's raw-table drop), or which is masqueraded by the other family, is meant to be; one whose filter
 * rules stand, without either, is routed on purpose. Where nobody wrote anything, a private address needs NAT.
 */
export function meantToBeNated(
  scene: Scene & { readonly firewall: { readonly host: readonly Rule[] } },
  leaves: Pick<Leaving, 'source' | 'bridge' | 'subnet'>,
): boolean {
  const network = networkOf(scene);
  if (network)
    return scene.flow.family === 6 ? (network.masquerade6 ?? network.masquerade) : network.masquerade;
  if (!isPrivate(leaves.source)) return false;
  const rules = scene.firewall.host;
  const shielded = rules.some(
    (rule) => rule.table === 'raw' && clausesOf(rule).target === 'DROP' && namesBridge(rule, leaves.bridge),
  );
  if (shielded) return true;
  if (
    sourceRewrites(rules).some(
      ({ rule, clauses }) =>
        namesBridge(rule, leaves.bridge) || asked(clauses, 'source')?.values.includes(leaves.subnet),
    )
  )
    return true;
  const guarded = rules.some((rule) => {
    const clauses = clausesOf(rule);
    return clauses.target === 'DROP' && asked(clauses, 'out')?.values.includes(leaves.bridge);
  });
  return !guarded;
}
