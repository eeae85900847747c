/** Routes that somebody told of: whether the router that they name is the one that the network was given. */
import type { Side } from '../model/facts.ts';
import type { Decision, Hop } from '../model/path.ts';
import { linkNow, type Scene } from '../model/scene.ts';
import { type Link, linkHolding, linkNamed, type Route, type Stack } from '../model/stack.ts';
import { type Attachment, gatewayOf } from './attachment.ts';
import { covers, decide, prefixLength } from './routing.ts';

/** By the protocol that is put on them (rtnetlink(7), rt_protos): the kernel's own of neighbour discovery, and DHCP clients'. */
const TOLD_BY: Readonly<Record<string, string>> = { ra: 'a router advertisement', dhcp: 'DHCP' };

/** How the route came, where it was not configured here: `a router advertisement`, `DHCP`. */
export const toldBy = (route: Route): string | undefined => TOLD_BY[route.protocol ?? ''];

export interface LearnedWay {
  readonly route: Route;
  readonly gateway: string;
  readonly how: string;
  /** The gateway that the network has by its bridge's address, or by the runtime's record. */
  readonly right: string;
  /** The runtime's record, or another route there, names that one. */
  readonly isConfigured: boolean;
}

type Seen = Pick<Scene, 'path' | 'stacks' | 'target' | 'flow' | 'place'>;

/**
 * The advertised route that the kernel named before the packets left. Whoever does not forward says in his neighbour
 * advertisements that he is no router, and the kernel then forgets his routes (ndisc_recv_na(), rt6_clean_tohost()), until he
 * advertises himself again.
 */
function goneSince({ known, protocol, gateway, dev, table, source }: Decision): Route | undefined {
  if (!known || protocol !== 'ra' || gateway === null) return undefined;
  const about = { type: 'unicast', metric: 0, scope: null, flags: [] };
  return { ...about, family: 6, destination: '::/0', gateway, dev, table: table ?? 'main', source, protocol };
}

/**
 * The route that the lost packets took. Of two equal IPv6 routers the kernel takes the one that it holds reachable, now this
 * and now that one: who got the packets tells more than its answer of a moment ago, and that more than the tables.
 */
function routeTaken(scene: Seen, side: Side, stack: Stack, destination: string): Route | undefined {
  const { path, flow, place } = scene;
  const there = stack.routes
    .filter((one) => one.gateway !== null && covers(one, destination))
    .sort((a, b) => prefixLength(b) - prefixLength(a));
  const taken = there.find(({ gateway }) => takerOf(scene, gateway as string));
  if (taken) return taken;
  const asked = side === flow.from ? path.sourceRoute : side === 'host' ? path.hostRoute : undefined;
  const gone = asked && goneSince(asked);
  if (gone?.gateway && takerOf(scene, gone.gateway)) return gone;
  const answered =
    place?.direction === 'request' && asked?.known
      ? there.find(({ gateway, dev }) => gateway === asked.gateway && dev === asked.dev)
      : undefined;
  if (answered) return answered;
  const found = decide(stack, { family: flow.family, destination, source: null, iif: null });
  return found.kind === 'route' ? found.route : undefined;
}

const isRecorded = ({ target }: Seen, right: string): boolean =>
  target.networks.some(({ gateways }) => gateways.includes(right));

/** What is left of a namespace's routes when this one is gone. */
export const without = (stack: Stack, route: Route): Stack => ({
  ...stack,
  routes: stack.routes.filter((one) => one !== route),
});

/** Undefined where the way was configured, or the router it names is this host or the network's own gateway. */
export function learnedWay(scene: Seen, at: Attachment, destination: string): LearnedWay | undefined {
  const route = routeTaken(scene, at.side, at.stack, destination);
  const how = route && toldBy(route);
  const right = gatewayOf(scene, at, scene.flow.family);
  if (!route || !how || route.gateway === null || route.dev !== at.link.name || right === undefined)
    return undefined;
  const { gateway } = route;
  if (gateway === right || linkHolding(scene.stacks.host, gateway)) return undefined;
  const named = at.stack.routes.some(
    (one) => !toldBy(one) && one.gateway === right && covers(one, destination),
  );
  return { route, gateway, how, right, isConfigured: named || isRecorded(scene, right) };
}

/** The interface of another namespace of this host that holds the gateway and took the packets; undefined: none did. */
export function takerOf(scene: Seen, gateway: string): Hop | undefined {
  const { place, path } = scene;
  const hop = path.hops.find(({ id }) => id === place?.after?.id);
  if (!hop || hop.where === 'host' || place?.stage === 'wire') return undefined;
  return linkNow(scene, hop)?.addresses.some(({ address }) => address === gateway) ? hop : undefined;
}

export interface Misled {
  readonly route: Route;
  readonly gateway: string;
  readonly how: string;
  readonly link: Link;
  readonly taker: Hop;
  /** The way that is left without that route; undefined: there is none. */
  readonly otherwise: Route | undefined;
}

/** The host itself believed a container that it is a router. */
export function misledHost(scene: Seen, destination: string): Misled | undefined {
  const { host } = scene.stacks;
  const route = routeTaken(scene, 'host', host, destination);
  const how = route && toldBy(route);
  const link = linkNamed(host, route?.dev ?? null);
  const taker = route?.gateway ? takerOf(scene, route.gateway) : undefined;
  if (!route?.gateway || !how || !link || !taker) return undefined;
  const rest = decide(without(host, route), { family: route.family, destination, source: null, iif: null });
  const otherwise = rest.kind === 'route' ? rest.route : undefined;
  return { route, gateway: route.gateway, how, link, taker, otherwise };
}
