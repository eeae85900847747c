import ipaddr from 'ipaddr.js';
import { withRoute } from '../fixes/route.ts';
import { covering, holder } from '../kernel/attachment.ts';
import { refuted } from '../kernel/drops.ts';
import { forwarding, isConnected, linkTowards, wayOut } from '../kernel/forwarding.ts';
import { isChild } from '../kernel/parents.ts';
import { within } from '../kernel/prefix.ts';
import { routeName } from '../kernel/routing.ts';
import { netnsOf, sender, sideName } from '../kernel/travel.ts';
import { type Claim, cause } from '../model/cause.ts';
import type { Scene } from '../model/scene.ts';
import { linkNamed, type Route } from '../model/stack.ts';
import { fromState, fromStateIn } from '../words/telling.ts';
import { capital } from '../words/text.ts';

const UNHEARD = /^(ip_rcv_finish_core|NOT_SPECIFIED)$/;

/** An address of the public internet does not belong into a network of this host. */
const isPublic = (address: string): boolean =>
  !/^(private|carrierGradeNat|uniqueLocal|linkLocal|loopback)$/.test(ipaddr.parse(address).range());

/** Another route of the same table covers the address too, and not only by default. */
const rival = (scene: Scene, route: Route, address: string): Route | undefined =>
  scene.stacks.host.routes.find(
    (one) =>
      one.family === route.family &&
      one.table === 'main' &&
      one.dev !== route.dev &&
      one.type === 'unicast' &&
      !one.destination.endsWith('/0') &&
      within(address, one.destination),
  );

/** A link of whoever asks has the destination's network: the inner docker0 of a container that runs containers itself. */
function inside(scene: Scene): Claim | null {
  const { flow, path, control, place } = scene;
  const from = place?.direction === 'request' ? sender(scene) : undefined;
  if (!from || from.side === 'host' || path.sourceRoute.gateway !== null) return null;
  const { stack, side } = from;
  const link = linkNamed(stack, path.sourceRoute.dev);
  const own = link && covering(link, flow.address);
  if (!link || !own || holder(scene, flow.address)) return null;
  const out = stack.routes.find(
    (one) =>
      one.family === flow.family &&
      one.destination.endsWith('/0') &&
      one.table === 'main' &&
      one.gateway !== null &&
      one.dev !== link.name,
  );
  const reached = control?.answered === true;
  // A child of the uplink stands on the wire itself: who is of its network may well be there.
  const inner = isPublic(flow.address) && !isChild(link);
  if (!out?.gateway || !out.dev || !(reached || inner)) return null;
  const netns = netnsOf(scene, side);
  const who = sideName(side);
  const words = [`${flow.address}/${flow.family === 6 ? 128 : 32}`, 'via', out.gateway, 'dev', out.dev];
  return {
    sure: reached ? 'proved' : 'supported',
    what: `${link.name} of ${who} has the network of ${flow.address}: ${own.address}/${own.prefix}`,
    why: `${capital(who)} takes ${flow.address} for a neighbour on its own ${link.name} and asks for it there, where it is not; its way out is ${out.dev}.`,
    do: `Give ${link.name} another subnet (of an inner Docker: bip and default-address-pools). Until then a route of its own leads to ${flow.address}.`,
    fixes: [
      withRoute(flow.family, words, netns, {
        title: `Route ${flow.address} by ${out.gateway} in ${who}`,
        affects: `traffic of ${who} to ${flow.address}`,
      }),
    ],
    evidence: [
      fromStateIn(netns, `${flow.address} is routed to ${link.name}`, ['ip', 'route', 'get', flow.address]),
    ],
  };
}

export default cause({
  id: 'subnet-overlap',
  title: "A network of this host overlaps the destination's",
  explain: `A bridge or link of this host has an address in the same subnet as a destination elsewhere. The host takes the
destination for a neighbour on that link and asks for it there, where it is not; only that subnet is dead.

A new container network whose subnet is also used in the company, in a VPN or in the internet does that. \`ip route get
DESTINATION\` names the interface; give the network another subnet. Inside a container that runs containers of its own, its
inner docker0 does the same.`,
  needs: [],
  over: [
    'neighbour-absent',
    'neighbour-unanswered',
    'host-route-diverted',
    'reply-route-diverted',
    'no-reply-from-destination',
  ],
  examine(scene) {
    if (refuted(scene, UNHEARD)) return null;
    const within = inside(scene);
    if (within) return within;
    const way = forwarding(scene);
    if (way?.found.kind !== 'route') return null;
    const { route } = way.found;
    const { destination } = way;
    const link = linkNamed(scene.stacks.host, route.dev);
    if (!link || route.dev === way.iif || !isConnected(scene, route) || linkTowards(scene, destination))
      return null;
    const own = covering(link, destination);
    if (!own || holder(scene, destination)) return null;
    const out = wayOut(scene);
    const other = rival(scene, route, destination);
    const elsewhere =
      out !== undefined && out.dev !== link.name && (isPublic(destination) || other !== undefined);
    if (!elsewhere) return null;
    const via = other?.gateway ? other : out;
    const length = scene.flow.family === 6 ? 128 : 32;
    const words = [`${destination}/${length}`, 'via', via.gateway ?? '', 'dev', via.dev ?? ''];
    return {
      sure: 'supported',
      what: `${link.name} of this host has the network of ${destination}: ${own.address}/${own.prefix}`,
      why: `The host takes ${destination} for a neighbour on ${link.name} (${routeName(route)}), asks for it there, and nobody answers.`,
      do: `Give ${link.name} another subnet. Until then a route of its own leads to ${destination}.`,
      fixes:
        via.gateway && via.dev
          ? [
              withRoute(scene.flow.family, words, null, {
                title: `Route ${destination} by ${via.gateway}`,
                affects: `traffic of this host and its containers to ${destination}`,
              }),
            ]
          : [],
      evidence: [fromState(`${destination} is routed to ${link.name}`, ['ip', 'route', 'get', destination])],
    };
  },
});
