/** What of DHCP reaches a server of this host: RFC 2131, 4.1. */
import type { Rule } from '../model/evidence.ts';
import type { Firewall } from '../model/facts.ts';
import type { Scene } from '../model/scene.ts';
import { hookOf, meets } from './rule-chain.ts';
import { asked, clausesOf, type Packet } from './rule-clauses.ts';

interface Kept {
  /** By which the question comes. */
  readonly dev: string;
  readonly rule: Rule;
}

/** A client without an address asks everybody from nowhere. */
const question = (dev: string): Packet => ({
  source: '0.0.0.0',
  destination: '255.255.255.255',
  in: dev,
  out: null,
  proto: 'udp',
  sourcePort: 68,
  destinationPort: 67,
  isLocal: () => false,
});

const isOf = (target: string | null, ...verdicts: string[]): boolean =>
  target !== null && verdicts.includes(target.toUpperCase());

/** Does the rule ask for packets of another state? A question begins a flow. */
function isOfOthers(rule: Rule): boolean {
  const state = asked(clausesOf(rule), 'state');
  return state !== undefined && !state.not && !state.values.some((one) => /^new$/i.test(one));
}

/** The rule or policy by which the host's firewall surely ends the container's question before a server gets it. */
export function keptFromServer(scene: Scene & { readonly firewall: Firewall }): Kept | null {
  const dev = scene.path.hops.find(({ where, kind }) => where === 'host' && kind === 'bridge')?.name;
  if (dev === undefined) return null;
  const packet = question(dev);
  const rules = scene.firewall.host;
  for (const rule of rules) {
    if (rule.number === null || isOfOthers(rule)) continue;
    const { target } = clausesOf(rule);
    const met = meets(rules, rule, packet, 'input');
    if (met === false) continue;
    if (isOf(target, 'DROP', 'REJECT')) return met ? { dev, rule } : null;
    if (isOf(target, 'ACCEPT')) return null;
  }
  const policy = rules.find(
    (rule) => rule.number === null && hookOf(rule) === 'input' && /drop/i.test(rule.verdict),
  );
  return policy ? { dev, rule: policy } : null;
}
