/** From an interface of the host to wherever the host sends the packet next. */
import type { Machine } from '../../host/machine.ts';
import { isContainerLink } from '../../kernel/attachment.ts';
import { bridgeBelow } from '../../kernel/bridge-vlans.ts';
import { isForMany } from '../../kernel/one-to-many.ts';
import { decide } from '../../kernel/routing.ts';
import { vrfOf } from '../../kernel/vrf.ts';
import { type Decision, isTunnel, type StageKind } from '../../model/path.ts';
import { isPair, type Link, linkByIndex, linkNamed } from '../../model/stack.ts';
import { multicastRoutes } from '../multicast-routes.ts';
import { routeGet } from '../route-get.ts';
import { readStack } from '../stack.ts';
import type { PathBuilder, Side } from './builder.ts';
import { childHolding, isOnLink } from './child.ts';
import type { Crossing } from './departure.ts';
import type { Real } from './dnat.ts';
import { type Onward, throughGateway } from './gateway.ts';
import { cross, ownerAcross } from './over-cable.ts';
import { ownerOf } from './owner.ts';

const DEFAULT = { 4: '0.0.0.0/0', 6: '::/0' } as const;

/** The packet arrives on `ingress` of the host and is for `real`. */
export async function throughHost(
  at: Crossing,
  builder: PathBuilder,
  ingress: Link,
  source: string | null,
  real: Real,
): Promise<void> {
  const { machine, flow, host } = at;
  const decision = await routeGet(machine, host.netns, { to: real.address, from: source, iif: ingress.name });
  const carried = carriedTo(at, ingress, source, real.address);
  if (carried) {
    builder.hostRoute ??= { ...decision, refusal: null, dev: carried.name, gateway: null, type: 'multicast' };
    return outOf(at, builder, carried, 'forward', real, { gateway: null, source });
  }
  // Behind a gateway of this host's own it decides once more: the first decision is the one that led there.
  builder.hostRoute ??= decision;
  if (decision.type === 'local') return builder.end('deliver', 'host');
  const dev =
    decision.refusal === null
      ? decision.dev
      : (egressInVrf(at, ingress, source, real.address) ?? (await egressAnyway(at, real.address)));
  const egress = linkNamed(host.stack, dev);
  if (!egress) {
    builder.gap('no-uplink', decision.refusal ?? `the host has no way to ${flow.address}`);
    return builder.end('beyond', 'outside');
  }
  await outOf(at, builder, egress, 'forward', real, { gateway: decision.gateway, source });
}

/** The interface by which a multicast router of this host carries the group on. */
function carriedTo({ machine, host }: Crossing, from: Link, source: string | null, group: string) {
  if (!isForMany(group)) return undefined;
  const route = multicastRoutes(machine, host.netns).find(
    (one) =>
      one.group === group && one.from === from.name && (one.origin === source || one.origin === '0.0.0.0'),
  );
  return linkNamed(host.stack, route?.to[0] ?? null);
}

/** Where the table of the VRF that the packet came in by leads: the host's own route is another table's. */
function egressInVrf(
  { flow, host }: Crossing,
  { name }: Link,
  source: string | null,
  destination: string,
): string | null {
  if (!vrfOf(host.stack, name)) return null;
  const found = decide(host.stack, { family: flow.family, destination, source, iif: name });
  return found.kind === 'route' ? found.route.dev : null;
}

/**
 * The interface the host would use if it forwarded at all: its own route, then its default route. `ip route get … iif`
 * refuses for forwarding off, for a missing route, and for strict rp_filter alike.
 */
async function egressAnyway({ machine, flow, host }: Crossing, address: string): Promise<string | null> {
  const own: Decision = await routeGet(machine, host.netns, { to: address });
  if (own.refusal === null && own.dev && own.dev !== 'lo') return own.dev;
  const fallback = host.stack.routes
    .filter((route) => route.destination === DEFAULT[flow.family] && route.dev !== null)
    .sort((a, b) => a.metric - b.metric)[0];
  return fallback?.dev ?? onlyUplink(host);
}

/** Without any default route: the one interface that leads out of the machine, if there is exactly one. */
function onlyUplink({ stack }: Side): string | null {
  const outer = stack.links.filter((link) => !isContainerLink(link) && link.addresses.length > 0);
  return outer.length === 1 ? outer[0]!.name : null;
}

/** The packet leaves the host's stack through `egress`: to a namespace of this host, or out of it. */
export async function outOf(
  at: Crossing,
  builder: PathBuilder,
  egress: Link,
  stage: StageKind,
  real: Real,
  { gateway, source }: { readonly gateway: string | null; readonly source: string | null },
): Promise<void> {
  const { machine, host, target } = at;
  const below = bridgeBelow(host.stack, egress);
  if (below && ownerOf(machine, host.stack, real.address, below.name)) {
    builder.add(host, egress, stage);
    return outOf(at, builder, below, 'port', real, { gateway, source });
  }
  if (egress.kind === 'bridge') {
    const found = ownerAcross(machine, host, real.address, egress);
    builder.add(host, egress, stage);
    if (found?.cable) cross(host, builder, found.cable, 'port');
    if (found) return into(at, builder, found.owner, found.cable ? 'bridge' : 'port');
    const router = gateway === null ? undefined : ownerOf(machine, host.stack, gateway, egress.name);
    const onward: Onward = (grown, ingress, from, to) => throughHost(at, grown, ingress, from, to);
    if (router && (await throughGateway({ at, source, real, onward }, builder, router, 'port'))) return;
    // A bridge with a network card on it is the way out of the machine.
    const outlet = host.stack.links.find((link) => link.master === egress.name && !isPair(link));
    if (outlet) builder.add(host, outlet, 'port', uplinkKind(outlet));
    return builder.end('beyond', 'outside');
  }
  if (isPair(egress) && isRoutedTo(host, egress, real.address)) {
    const owner = ownerOf(machine, host.stack, real.address, null);
    if (owner?.port.name === egress.name) {
      builder.add(host, egress, stage);
      return into(at, builder, owner, 'wire');
    }
  }
  builder.add(host, egress, stage, egress.kind === 'loopback' ? undefined : uplinkKind(egress));
  const child = isOnLink(host, egress, real.address)
    ? await childHolding(machine, { host, target }, egress, real.address)
    : undefined;
  if (child) {
    builder.add(child.side, child.link, 'wire');
    return builder.end('deliver', child.side.where === 'other' ? 'other' : 'container');
  }
  builder.end('beyond', 'outside');
}

/**
 * A veth with a host route to the address is a routed container's; one that merely has the address in its subnet, or
 * leads to a gateway, is a way out like any other card.
 */
const isRoutedTo = (host: Side, egress: Link, address: string): boolean =>
  host.stack.routes.some(
    (route) =>
      route.dev === egress.name &&
      /^(.*)\/(32|128)$/.exec(route.destination)?.[1] === address &&
      route.type === 'unicast',
  );

const uplinkKind = ({ kind }: Link): string => (isTunnel(kind) ? kind : 'uplink');

/** From the host's end of a veth into the namespace behind it. */
export async function into(
  at: Crossing,
  builder: PathBuilder,
  owner: {
    readonly port: Link;
    readonly netns: { readonly inode: number; readonly path: string };
    readonly ifindex: number;
  },
  stage: StageKind,
): Promise<void> {
  const { machine, host, target } = at;
  if (stage !== 'wire') builder.add(host, owner.port, stage);
  const side = owner.netns.inode === target.netns?.inode ? target : await otherSide(machine, owner.netns);
  const link = side && linkByIndex(side.stack, owner.ifindex);
  if (!side || !link) {
    builder.gap('no-peer', `what is behind ${owner.port.name} could not be read`);
    return builder.end('beyond', 'other');
  }
  builder.add(side, link, 'wire');
  builder.end('deliver', side.where === 'other' ? 'other' : 'container');
}

async function otherSide(machine: Machine, netns: Side['netns']): Promise<Side | undefined> {
  const stack = await readStack(machine, netns);
  return stack.known ? { where: 'other', netns, stack: stack.value } : undefined;
}
