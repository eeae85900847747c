/** What of DHCP reaches a server of this host: RFC 2131, 4.1. */
import type { Rule } from '../model/evidence.ts';
import type { Firewall } from '../model/facts.ts';
import type { Scene } from '../model/scene.ts';
import type { Packet } from './rule-clauses.ts';
import { sureEnd } from './rule-walk.ts';

interface Kept {
  /** By which the question comes. */
  readonly dev: string;
  readonly rule: Rule;
}

/** A client without an address asks everybody from nowhere, and its question begins a flow. */
const question = (dev: string): Packet => ({
  source: '0.0.0.0',
  destination: '255.255.255.255',
  in: dev,
  out: null,
  proto: 'udp',
  sourcePort: 68,
  destinationPort: 67,
  state: 'new',
  isLocal: () => false,
});

/** The rule or policy by which the host's firewall surely ends the container's question before a server gets it. */
export function keptFromServer(scene: Scene & { readonly firewall: Firewall }): Kept | null {
  const dev = scene.path.hops.find(({ where, kind }) => where === 'host' && kind === 'bridge')?.name;
  if (dev === undefined) return null;
  const rule = sureEnd(scene.firewall.host, question(dev), 'input');
  return rule ? { dev, rule } : null;
}
