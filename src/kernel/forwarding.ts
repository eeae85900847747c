/** The routing decisions of the host for the lost packets. */

import { leadsOut, namesOnHost } from '../model/path.ts';
import type { Scene } from '../model/scene.ts';
import { seen } from '../model/scene.ts';
import { isDefaultRoute, type Link, linkNamed, type Route, type RoutingRule } from '../model/stack.ts';
import { attachments, covering, isContainerLink } from './attachment.ts';
import { upperOf } from './bridge-vlans.ts';
import { decide, isFor, type Packet, type Routing, rulesOf, takes } from './routing.ts';
import { isRouted, selectors, sender, travel } from './travel.ts';
import { tableFor } from './vrf.ts';

export interface Forwarding {
  /** Interface by which the packets came in; null when the host itself sends them. */
  readonly iif: string | null;
  /** Interface of the path by which they should leave. */
  readonly oif: string | null;
  readonly source: string | null;
  readonly destination: string;
  readonly packet: Packet;
  readonly found: Routing;
}

/** The host's decision at the place, worked out from its rules and routes; undefined where it decides nothing there. */
export function forwarding(scene: Scene): Forwarding | undefined {
  const way = travel(scene);
  const { place, path, flow } = scene;
  if (!way || !place) return undefined;
  const stage = way.stages[way.at];
  const after = way.hops[way.at - 1];
  const from = way.at === 0 ? sender(scene) : undefined;
  const own = from?.side === 'host' ? from : undefined;
  // Beyond an uplink that the host chose: the decision was the one before.
  const isLast = stage === 'beyond' && way.at > 0 && after?.where === 'host';
  const isBeyond = isLast && isRouted(way.stages[way.at - 1]);
  // A child on the uplink's wire, or a bridge that it is a port of, reached it without any decision of the host's.
  if (isLast && !isBeyond && after && leadsOut(after)) return undefined;
  const decided = isBeyond ? way.hops[way.at - 2] : after;
  // A path that ends before its uplink: the host decided nothing that leads on. What a gateway's namespace was handed it decides.
  if (!own && stage !== 'forward' && !isLast) return undefined;
  if (!own && !isBeyond && after?.where !== 'host') return undefined;
  const iif = own || (isBeyond && way.at === 1) ? null : (decided?.name ?? null);
  const destination = place.direction === 'reply' ? replyTo(scene) : path.realDestination;
  if (destination === null) return undefined;
  const source = place.direction === 'reply' ? path.realDestination : path.sourceAddress;
  const packet = {
    family: flow.family,
    destination,
    source,
    iif,
    ...(own ? own.selects : place.direction === 'request' ? selectors(flow) : {}),
  };
  return {
    iif,
    oif: (isBeyond ? after : way.hops[way.at])?.name ?? null,
    source,
    destination,
    packet,
    found: decide(scene.stacks.host, packet),
  };
}

/** Where rules that select by a mark would lead the packet, if something marks it so. */
export function markedWays(
  scene: Pick<Scene, 'stacks'>,
  way: Forwarding,
): { readonly rule: RoutingRule; readonly found: Routing }[] {
  return rulesOf(scene.stacks.host, way.packet.family).flatMap((rule) => {
    const mark = /fwmark (\S+)/.exec(rule.text)?.[1];
    if (!mark) return [];
    const packet = { ...way.packet, mark: Number(mark.split('/')[0]) };
    if (!takes(rule, packet)) return [];
    const found = decide(scene.stacks.host, packet);
    return found.kind !== 'none' && found.rule === rule ? [{ rule, found }] : [];
  });
}

/** Where the reply is addressed on its way through this host: behind NAT, the address that the far end used. */
export function replyTo({ path, sightings = [] }: Pick<Scene, 'path'> & Partial<Pick<Scene, 'sightings'>>) {
  const first = path.hops[0];
  const asked = first && seen({ sightings }, first.id, 'request')[0];
  return asked?.source ?? path.sourceAddress;
}

/** Which table decides about the flow: main, or that of the VRF on its way. */
export function tableOfFlow({ stacks, path }: Pick<Scene, 'stacks' | 'path'>): string {
  const tables = namesOnHost(path.hops).map((name) => tableFor(stacks.host, name));
  return tables.find((table) => table !== 'main') ?? 'main';
}

export const defaultRoutes = (
  scene: Pick<Scene, 'stacks' | 'flow' | 'path'>,
  table = tableOfFlow(scene),
): Route[] =>
  scene.stacks.host.routes
    .filter(
      (route) =>
        route.family === scene.flow.family &&
        route.table === table &&
        isDefaultRoute(route) &&
        isFor(route, { source: scene.path.sourceAddress }) &&
        route.type === 'unicast',
    )
    .toSorted((a, b) => a.metric - b.metric);

/**
 * The default route that leads out of the machine: one with a gateway, and not through a port of a bridge or another
 * container's end. Undefined where there is none.
 */
export const wayOut = (scene: Pick<Scene, 'stacks' | 'flow' | 'path'>, table?: string): Route | undefined =>
  defaultRoutes(scene, table).find((route) => {
    const link = linkNamed(scene.stacks.host, route.dev);
    return route.gateway !== null && link !== undefined && !isContainerLink(link);
  });

/** The interface that a packet for a container of the path should leave by: its bridge, or its own veth. */
export function linkTowards(scene: Scene, address: string): Link | undefined {
  const at = attachments(scene).find(({ link }) => link.addresses.some((own) => own.address === address));
  const bridge = at?.bridge;
  return bridge ? (upperOf(scene.stacks.host, bridge, namesOnHost(scene.path.hops)) ?? bridge) : at?.port;
}

/** Is the route the one that an address of the link brings along? */
export const isConnected = (scene: Pick<Scene, 'stacks'>, route: Route): boolean => {
  const link = linkNamed(scene.stacks.host, route.dev);
  const [network] = route.destination.split('/');
  return (
    route.gateway === null &&
    link !== undefined &&
    network !== undefined &&
    covering(link, network) !== undefined
  );
};
