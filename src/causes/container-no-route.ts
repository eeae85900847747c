import { withRoute } from '../fixes/route.ts';
import { attachment, gatewayOf } from '../kernel/attachment.ts';
import { confirmed, NOTHING, refuted } from '../kernel/drops.ts';
import { decide, ip } from '../kernel/routing.ts';
import { forOthers, lackWords, notForWords } from '../kernel/source-specific.ts';
import { asksRoutes, fromAnyView, netnsOf, sender, sideName } from '../kernel/travel.ts';
import { type Claim, cause } from '../model/cause.ts';
import { type Scene, seen } from '../model/scene.ts';
import { fromStateIn } from '../words/telling.ts';
import { capital } from '../words/text.ts';

/** As the kernel names the drop of what it was to pass on and has no route for: ip_route_input_slow(), ip6_pkt_discard(). */
const UNROUTED = /^(IP_INNOROUTES|ip6_pkt_discard\w*|ip_error)$/;

/** A container that others leave by has taken the packets and has no route for them itself. */
function inGateway(scene: Scene): Claim | null {
  const { place, path, stacks, flow } = scene;
  const entry = place?.after;
  if (place?.stage !== 'forward' || entry?.where !== 'other' || !stacks.other || refuted(scene, UNROUTED))
    return null;
  const { family } = flow;
  const destination = place.direction === 'reply' ? path.sourceAddress : path.realDestination;
  if (destination === null) return null;
  const source =
    seen(scene, entry.id, place.direction)[0]?.source ??
    (place.direction === 'reply' ? path.realDestination : path.sourceAddress);
  const packet = { family, destination, source, iif: entry.name };
  if (decide(stacks.other, packet).kind !== 'none') return null;
  const others = forOthers(stacks.other, packet);
  const at = attachment(scene, 'other');
  const gateway = at && gatewayOf(scene, at, family);
  const netns = netnsOf(scene, 'other');
  return {
    sure: confirmed(scene, UNROUTED) ? 'proved' : 'supported',
    what: `${sideName('other')}, which is the gateway, has ${lackWords(packet, others)}`,
    why: `${entry.name} handed the packets to its kernel, and ${others ? notForWords(others, source) : `no route there covers ${destination}`}.`,
    do: gateway
      ? `Put its default route back, by ${gateway}.`
      : 'Put its default route back, or a route that leads there.',
    fixes: [],
    evidence: [fromStateIn(netns, `no route covers ${destination}`, [...ip(family), 'route'], entry.id)],
  };
}

export default cause({
  id: 'container-no-route',
  title: 'The container has no route to the destination',
  explain: `No route inside the container covers the destination: mostly the default route is missing. Neighbours on the
container's own subnet are reached all the same; everything else fails at once with "Network is unreachable", and no
packet is ever sent.

Where one container is the gateway of others, it is its routes that count for what they send.

A VPN or DHCP client inside removes the default route, a network is internal on purpose, or a container of several
networks has its default route on one that lacks this address family. An IPv6 route may also be for some sources only
(\`default from PREFIX\`). \`ip route\` (or \`ip -6 route\`) inside shows it.`,
  needs: [],
  examine: (whole) =>
    inGateway(whole) ??
    fromAnyView(whole, (scene) => {
      const from = sender(scene);
      if (!from || from.side === 'host' || scene.place === null || refuted(scene, NOTHING)) return null;
      const { family } = scene.flow;
      const isReply = scene.place.direction === 'reply';
      if (!isReply && scene.path.sourceRoute.refusal === null) return null;
      if (isReply && scene.place.index !== scene.path.hops.length) return null;
      const packet = { ...asksRoutes(from), source: from.source };
      if (decide(from.stack, packet).kind !== 'none') return null;
      const others = forOthers(from.stack, packet);
      const lacking = others
        ? notForWords(others, from.source)
        : `no route inside covers ${from.destination}`;
      const at = attachment(scene, from.side);
      const gateway = at && gatewayOf(scene, at, family);
      const netns = netnsOf(scene, from.side);
      return {
        sure: isReply ? 'supported' : 'proved',
        what: `${sideName(from.side)} has ${lackWords(packet, others)}`,
        why: isReply
          ? `The request arrives, and ${lacking}: the answer cannot leave.`
          : `${capital(lacking)}, and its kernel refuses to send: "${scene.path.sourceRoute.refusal}".`,
        do: gateway ? `Add the default route by ${gateway}.` : 'Add a route that leads there.',
        fixes:
          at && gateway
            ? [
                withRoute(family, ['default', 'via', gateway, 'dev', at.link.name], netns, {
                  title: `Add the default route by ${gateway}`,
                  affects: 'where this container sends everything beyond its own network',
                }),
              ]
            : [],
        evidence: [
          fromStateIn(netns, `no route ${others ? `for ${from.source} ` : ''}covers ${from.destination}`, [
            ...ip(family),
            'route',
          ]),
        ],
      };
    }),
});
