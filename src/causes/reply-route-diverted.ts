import { mainFirst, withoutRoute, withRoute } from '../fixes/route.ts';
import { covering } from '../kernel/attachment.ts';
import { NETFILTER, refuted } from '../kernel/drops.ts';
import { forwarding } from '../kernel/forwarding.ts';
import { subnetOf } from '../kernel/nat.ts';
import { ip, longestMatch, routeName, ruleTitle } from '../kernel/routing.ts';
import { fromAnyView } from '../kernel/travel.ts';
import { cause } from '../model/cause.ts';
import type { Fix } from '../model/fix.ts';
import { type Scene, seen } from '../model/scene.ts';
import { linkNamed, type Route, type RoutingRule } from '../model/stack.ts';
import { fromState } from '../words/telling.ts';

/** On its wrong way the reply may die of anything that routers and firewalls do to strangers. */
const ASTRAY = new RegExp(`^(NEIGH_\\w+|IP_\\w+|ip6?_\\w+|NO_SOCKET)$|${NETFILTER.source}`);

/** The ways to lead the reply back: through table main, by the lost subnet route, or by the neighbour the request came from. */
function fixesFor(
  scene: Scene,
  destination: string,
  expected: string,
  route: Route,
  rule: RoutingRule,
): Fix[] {
  const { family } = scene.flow;
  const { host } = scene.stacks;
  const link = linkNamed(host, expected);
  const own = link && covering(link, destination);
  const main = longestMatch(host, 'main', { family, destination, source: null, iif: null });
  const subnet = own ? subnetOf(own.address, own.prefix) : `${destination}/${family === 6 ? 128 : 32}`;
  if (rule.table !== 'main' && main?.dev === expected) return mainFirst(rule, subnet, null);
  if (
    own &&
    !host.routes.some((one) => one.dev === expected && one.destination === subnet && one.table === 'main')
  )
    return [
      withRoute(family, [subnet, 'dev', expected, 'src', own.address], null, {
        title: `Put the route to ${subnet} back`,
      }),
    ];
  if (own && rule.table === 'main') return [withoutRoute(route, null)];
  const frame = scene.path.hops[0] && seen(scene, scene.path.hops[0].id, 'request')[0];
  const near = host.neighbours.find(
    (one) => one.dev === expected && one.mac !== null && one.mac === frame?.sourceMac,
  );
  return near
    ? [
        withRoute(
          family,
          [`${destination}/${family === 6 ? 128 : 32}`, 'via', near.address, 'dev', expected],
          null,
          {
            title: `Answer ${destination} by ${expected}, where it comes from`,
            affects: `traffic to ${destination}`,
          },
        ),
      ]
    : [];
}

export default cause({
  id: 'reply-route-diverted',
  title: 'The reply is routed elsewhere on this host',
  explain: `The request got through, the reply came back to this host, and the host sends it to another interface than the one the
request came from: a policy table of a VPN takes it, the route to the container's subnet is lost, or on a host of two
uplinks the answer leaves by the wrong one. The sender waits for ever.

\`ip route get CONTAINER iif UPLINK\` asks the kernel for its decision; \`ip rule\` shows rules before that of table main,
as Tailscale's 5270.`,
  needs: ['replyRoute'],
  over: [
    'no-reply-from-destination',
    'neighbour-absent',
    'neighbour-unanswered',
    'masquerade-missing',
    'no-return-route',
    'forward-policy-drop',
    'firewall-rule-drop',
  ],
  examine: (whole) =>
    fromAnyView(whole, (scene) => {
      const { place } = scene;
      const isLost = place?.direction === 'reply' && (place.stage === 'forward' || place.stage === 'beyond');
      if (!place || !isLost || refuted(scene, ASTRAY)) return null;
      const way = forwarding(scene);
      const told = scene.replyRoute.decision;
      const expected = place.before?.name ?? way?.oif ?? scene.replyRoute.expected;
      if (way?.found.kind !== 'route' || !expected) return null;
      const { route, rule } = way.found;
      const dev =
        told.known && told.refusal === null && told.dev !== null && told.dev !== expected
          ? told.dev
          : route.dev;
      if (dev === null || dev === expected) return null;
      return {
        sure: told.known && told.dev === dev ? 'proved' : 'supported',
        what: `the host sends the reply to ${dev} instead of ${expected}`,
        why: `The reply to ${way.destination} should leave by ${expected}, where the request came from; ${rule.table === 'main' ? '' : `${ruleTitle(rule)} and `}${routeName(route)} lead it to ${dev}.`,
        do: `Let what goes to ${way.destination} leave by ${expected}.`,
        fixes: fixesFor(scene, way.destination, expected, route, rule),
        evidence: [
          fromState(
            `the reply to ${way.destination} goes to ${dev}`,
            told.known ? told.argv : [...ip(scene.flow.family), 'route', 'get', way.destination],
          ),
        ],
      };
    }),
});
