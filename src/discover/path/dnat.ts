/** Where a published port leads, as far as the rules tell before a packet has met them. */
import type { Machine } from '../../host/machine.ts';
import { destinationRewrites } from '../../kernel/nat-rules.ts';
import { meets } from '../../kernel/rule-chain.ts';
import type { Packet } from '../../kernel/rule-clauses.ts';
import { carrier, type Flow } from '../../model/flow.ts';
import { isLocalAddress, type Stack } from '../../model/stack.ts';
import { listRules } from '../rules/list-rules.ts';

export interface Real {
  readonly address: string;
  readonly port: number | null;
}

/**
 * The DNAT target of a flow to one of the host's own addresses; the address itself where no rule changes it. `ingress`
 * is null for what the host itself sends: it meets OUTPUT, and others PREROUTING. Rules of nft and of iptables count.
 */
export async function predictDnat(
  machine: Machine,
  host: Stack,
  flow: Flow,
  ingress: string | null,
): Promise<Real> {
  const asked = { address: flow.address, port: flow.port };
  if (flow.port === null || !isLocalAddress(host, flow.address)) return asked;
  const answer = await listRules(machine, host.netns);
  if (!answer.known) return asked;
  const other = flow.family === 4 ? 'ip6' : 'ip';
  const rules = answer.value.map(({ rule }) => rule).filter(({ family }) => family !== other);
  const packet: Packet = {
    proto: carrier(flow),
    source: '',
    destination: flow.address,
    in: ingress,
    out: null,
    sourcePort: null,
    destinationPort: flow.port,
    isLocal: (address) => isLocalAddress(host, address),
  };
  const hook = ingress === null ? 'output' : 'prerouting';
  const found = destinationRewrites(rules).find(
    ({ rule, address }) => address !== null && meets(rules, rule, packet, hook) !== false,
  );
  return found ? { address: found.address!, port: found.port ?? flow.port } : asked;
}
