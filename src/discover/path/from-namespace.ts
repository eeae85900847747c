/** The way of a request that begins inside a container's namespace. */

import { upperOf } from '../../kernel/bridge-vlans.ts';
import { within } from '../../kernel/nat.ts';
import { isChild } from '../../kernel/parents.ts';
import { isPair, type Link, linkHolding, linkNamed } from '../../model/stack.ts';
import type { PathBuilder, Side } from './builder.ts';
import { fromChild } from './child.ts';
import type { Departure } from './departure.ts';
import { elsewhere } from './elsewhere.ts';
import { type Onward, throughGateway } from './gateway.ts';
import { intoHost } from './into-host.ts';
import { cross, overCable, ownerAcross } from './over-cable.ts';
import { outletOf, ownerOf } from './owner.ts';
import { peerIn } from './peer.ts';
import { into } from './through-host.ts';

export async function fromNamespace(at: Departure, builder: PathBuilder): Promise<void> {
  const { source, route, flow } = at;
  const first = linkNamed(source.stack, route.refusal === null ? route.dev : null) ?? likelyLink(source);
  if (route.refusal !== null) builder.gap('no-route', route.refusal);
  if (!first) {
    builder.gap('no-interface', 'the namespace has no interface but lo');
    return builder.end('beyond', 'outside');
  }
  builder.add(source, first, 'send');
  if (first.kind === 'loopback' || route.type === 'local') {
    return builder.end('deliver', source.where === 'other' ? 'other' : 'container');
  }
  if (isPair(first)) return overVeth(at, builder, first);
  if (isChild(first)) return fromChild(at, builder, first);
  builder.end('beyond', flow.from === 'container' ? 'outside' : 'container');
}

/** The interface a packet would most likely have left by, when the namespace has no route to say so. */
const likelyLink = ({ stack }: Side): Link | undefined =>
  stack.links.find((link) => link.kind !== 'loopback' && link.up) ??
  stack.links.find((link) => link.kind !== 'loopback');

async function overVeth(at: Departure, builder: PathBuilder, first: Link): Promise<void> {
  const peer = peerIn(at.machine, first, at.source.netns, at.host.stack);
  if (peer.found === 'ambiguous') {
    builder.gap(
      'ambiguous-peer',
      `${peer.links.map((link) => link.name).join(' and ')} could both be the other end of ${first.name}`,
    );
    return builder.end('beyond', 'outside');
  }
  if (peer.found === 'none') return elsewhere(at, builder, first);
  builder.add(at.host, peer.link, 'wire');
  const nextHop = at.route.gateway ?? at.flow.address;
  if (peer.link.master !== null) return overBridge(at, builder, peer.link.master, nextHop);
  const bridge = expectedBridge(at, nextHop);
  // Without any bridge it could belong to, the host is its router, even where it lacks the route back.
  if (!bridge || isRouted(at, peer.link)) return intoHost(at, builder, peer.link);
  builder.gap('no-master', `${peer.link.name} is a port of no bridge`);
  builder.add(at.host, bridge, 'port');
  await intoHost(at, builder, bridge);
}

/** A veth without a bridge is a router's port when the host answers on it or routes the container's address to it. */
function isRouted({ host, sourceAddress }: Departure, port: Link): boolean {
  const toContainer = host.stack.routes.some(
    (route) =>
      route.dev === port.name &&
      route.type === 'unicast' &&
      sourceAddress !== null &&
      within(sourceAddress, route.destination),
  );
  return toContainer || port.addresses.some((address) => address.scope !== 'link');
}

/** The bridge the port belongs to: the runtime's word, then the one that holds the gateway, then the one of its subnet. */
function expectedBridge({ host, networks, sourceAddress }: Departure, nextHop: string): Link | undefined {
  const named = networks.find((network) => network.bridge !== null && linkNamed(host.stack, network.bridge));
  if (named) return linkNamed(host.stack, named.bridge);
  const bridges = host.stack.links.filter((link) => link.kind === 'bridge');
  return (
    bridges.find((bridge) => bridge.addresses.some((own) => own.address === nextHop)) ??
    bridges.find((bridge) =>
      bridge.addresses.some(
        (own) => sourceAddress !== null && within(sourceAddress, `${own.address}/${own.prefix}`),
      ),
    )
  );
}

/** Does the destination belong to the link by the sender's own address, and not by a route alone? */
const isOwnSubnet = ({ source, sourceAddress, flow }: Departure): boolean =>
  source.stack.links
    .flatMap(({ addresses }) => addresses)
    .some((own) => own.address === sourceAddress && within(flow.address, `${own.address}/${own.prefix}`));

async function overBridge(
  at: Departure,
  builder: PathBuilder,
  master: string,
  nextHop: string,
): Promise<void> {
  const { machine, host, route, flow, source } = at;
  const bridge = linkNamed(host.stack, master);
  if (!bridge) {
    builder.gap('no-master', `the bridge ${master} is not in the host's namespace`);
    return builder.end('beyond', 'outside');
  }
  const holder = linkHolding(host.stack, nextHop);
  if (holder && overCable(host, builder, bridge, holder)) {
    builder.add(host, holder, 'port');
    return intoHost(at, builder, holder);
  }
  if (holder) {
    builder.add(host, bridge, 'port');
    // An interface that stands on the bridge for one VLAN takes that VLAN's frames.
    const upper = upperOf(host.stack, bridge, [holder.name]);
    if (upper) builder.add(host, upper, 'port');
    return intoHost(at, builder, upper ?? bridge);
  }
  if (route.gateway === null && route.refusal === null) {
    const across = ownerAcross(machine, host, flow.address, bridge);
    // A far end whose port has left the bridge is still where the packet was meant to go.
    const apart = across || !isOwnSubnet(at) ? undefined : ownerOf(machine, host.stack, flow.address, null);
    const owner = across?.owner ?? apart;
    if (owner && owner.netns.inode !== source.netns?.inode) {
      if (across?.cable) cross(host, builder, across.cable, 'bridge');
      return into(at, builder, owner, 'bridge');
    }
  }
  const router = route.gateway === null ? undefined : ownerAcross(machine, host, route.gateway, bridge);
  if (router) {
    const real = { address: flow.address, port: flow.port };
    const onward: Onward = (grown, ingress, from) => intoHost({ ...at, sourceAddress: from }, grown, ingress);
    const passing = { at, source: at.sourceAddress, real, onward };
    if (await throughGateway(passing, builder, router.owner, 'bridge', router.cable)) return;
  }
  // The next hop is on the wire behind the bridge: nothing is routed here.
  const outlet = outletOf(machine, host.stack, master, route.gateway);
  if (outlet) {
    builder.add(host, outlet, 'bridge', outlet.kind === 'vxlan' ? 'vxlan' : 'uplink');
    return builder.end('beyond', 'outside');
  }
  // Nobody is known to own the next hop: the way on is the one it would have through this bridge.
  builder.add(host, bridge, 'port');
  await intoHost(at, builder, bridge);
}
