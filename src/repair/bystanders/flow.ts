/** The flows around a repair: who else of this host should still be reached when it is done. */
import { within } from '../../kernel/nat.ts';
import { destination, type Family, type Flow } from '../../model/flow.ts';
import type { Netns } from '../../model/netns.ts';
import type { Stack } from '../../model/stack.ts';

/** Somebody with a network: the host itself, the target, another container. */
export interface Resident {
  readonly name: string;
  /** Null: the host's own namespace. */
  readonly netns: Netns | null;
  readonly stack: Stack;
  /** Addresses of its name servers, where its resolv.conf is known. */
  readonly nameservers: readonly string[];
}

/** A port of this host that leads to a container. */
export interface Published {
  readonly address: string;
  readonly port: number;
}

export interface Surroundings {
  readonly host: Resident;
  readonly target: Resident | null;
  /** The other containers, those of the target's segment first. */
  readonly others: readonly Resident[];
  readonly published: readonly Published[];
  /** The question that is to be answered in the end. */
  readonly asked: Pick<Flow, 'from' | 'address' | 'proto' | 'port' | 'family'>;
}

/** One small question beside the one that was asked. */
export interface Bystander {
  /** `B → 10.88.0.1`, `this host → 192.0.2.1:8080`. */
  readonly says: string;
  readonly from: Resident;
  readonly proto: 'icmp' | 'tcp' | 'dns';
  readonly address: string;
  readonly port: number | null;
  readonly family: Family;
}

/** The most that are asked: enough for a small host, and never a flood. */
export const MOST = 48;

const familyOf = (address: string): Family => (address.includes(':') ? 6 : 4);

/** Addresses that others can ask for. */
const addressesOf = ({ stack }: Resident): string[] =>
  stack.links.flatMap((link) =>
    link.kind === 'loopback'
      ? []
      : link.addresses.filter(({ scope }) => scope === 'global').map(({ address }) => address),
  );

const gatewaysOf = ({ stack }: Resident): string[] =>
  stack.routes
    .filter((route) => route.destination.endsWith('/0') && route.type === 'unicast')
    .flatMap(({ gateway }) => gateway ?? [])
    // A link-local one needs its interface told, which a probe does not.
    .filter((gateway) => !/^fe80:/i.test(gateway));

/** Do the two share a subnet, so that they are meant to be neighbours? */
export const isNeighbour = (one: Resident, other: Resident): boolean =>
  one.stack.links.some((link) =>
    link.addresses.some(
      ({ scope, address, prefix }) =>
        scope === 'global' && addressesOf(other).some((far) => within(far, `${address}/${prefix}`)),
    ),
  );

const flow = (
  from: Resident,
  address: string,
  proto: Bystander['proto'] = 'icmp',
  port: number | null = null,
): Bystander => ({
  says: `${from.name} → ${destination({ address, port })}`,
  from,
  proto,
  address,
  port,
  family: familyOf(address),
});

/** The asked destination from somebody else; a datagram without an answer tells nothing. */
function asAsked(from: Resident, { asked }: Surroundings): Bystander[] {
  const { address, proto, port } = asked;
  if (proto === 'udp' || addressesOf(from).includes(address)) return [];
  return [flow(from, address, proto, proto === 'dns' ? 53 : port)];
}

/**
 * What is asked before a change and after it: gateways, name servers, neighbours, published ports, the asked
 * destination from others. Nobody is asked whom neither the question nor the host's own set-up names.
 */
export function flowsAround(around: Surroundings): Bystander[] {
  const { host, target, others, published, asked } = around;
  const near = target ? others.filter((other) => isNeighbour(target, other)) : [];
  const all = [
    ...(target ? addressesOf(target).map((address) => flow(host, address)) : []),
    ...gatewaysOf(host).map((gateway) => flow(host, gateway)),
    ...asAsked(host, around),
    ...(target ? gatewaysOf(target).map((gateway) => flow(target, gateway)) : []),
    ...(target ? target.nameservers.map((server) => flow(target, server, 'dns', 53)) : []),
    ...near.flatMap((other) => addressesOf(other).map((address) => flow(target as Resident, address))),
    ...near.flatMap((other) => addressesOf(target as Resident).map((address) => flow(other, address))),
    ...published.map(({ address, port }) => flow(host, address, 'tcp', port)),
    ...others.flatMap((other) => gatewaysOf(other).map((gateway) => flow(other, gateway))),
    ...others.flatMap((other) => (asked.from === 'container' ? asAsked(other, around) : [])),
    ...(target && asked.from === 'container' && asked.proto !== 'icmp' ? [flow(target, asked.address)] : []),
    ...others.flatMap((other) => addressesOf(other).map((address) => flow(host, address))),
    ...others.flatMap((other) => published.map(({ address, port }) => flow(other, address, 'tcp', port))),
  ];
  const told = new Set<string>();
  return all
    .filter((one) => !isQuestion(one, around))
    .filter((one) => {
      const key = `${one.from.netns?.inode ?? 0} ${one.proto} ${one.address} ${one.port}`;
      return !told.has(key) && told.add(key);
    })
    .slice(0, MOST);
}

/** The question itself is asked with all its witnesses. */
function isQuestion(one: Bystander, { asked, host, target }: Surroundings): boolean {
  const asker = asked.from === 'container' ? target : asked.from === 'host' ? host : null;
  return (
    one.from === asker &&
    one.address === asked.address &&
    one.proto === asked.proto &&
    one.port === asked.port
  );
}
