/** Where a published port leads, as far as the rules tell before a packet has met them. */
import type { Machine } from '../../host/machine.ts';
import { destinationRewrites } from '../../kernel/nat-rules.ts';
import { meets } from '../../kernel/rule-chain.ts';
import type { Packet } from '../../kernel/rule-clauses.ts';
import { serviceOf, serving } from '../../kernel/virtual-service.ts';
import { carrier, type Flow } from '../../model/flow.ts';
import { isLocalAddress, type Stack } from '../../model/stack.ts';
import { listRules } from '../rules/list-rules.ts';
import { virtualServices } from '../virtual-services.ts';

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
  const rules = answer.known ? answer.value.map(({ rule }) => rule) : [];
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
  if (found) return { address: found.address!, port: found.port ?? flow.port };
  return balanced(machine, host, flow) ?? asked;
}

/** Where IPVS rewrites the flow to, if there is one server that it can choose. */
function balanced(machine: Machine, host: Stack, flow: Flow): Real | undefined {
  const service = serviceOf(virtualServices(machine, host.netns), flow);
  const [server, ...others] = service ? serving(service) : [];
  return server?.forward === 'Masq' && others.length === 0 ? server : undefined;
}
