import { NO_FILTER } from '../kernel/drops.ts';
import { siblings } from '../kernel/multipath.ts';
import { ip, routeWords } from '../kernel/routing.ts';
import { cause } from '../model/cause.ts';
import { type Change, type Fix, run } from '../model/fix.ts';
import { leadsOut, watched } from '../model/path.ts';
import { exitHop, isAt, type Scene } from '../model/scene.ts';
import { destinationName, type Route } from '../model/stack.ts';
import { fromState } from '../words/telling.ts';
import { count } from '../words/text.ts';

/** `203.0.113.1 on up1`. */
const named = ({ gateway, dev }: Route): string => (gateway ? `${gateway} on ${dev}` : `${dev}`);

/** The words of one next hop in `ip route replace … nexthop`. */
const nexthop = ({ gateway, dev, weight, flags }: Route): string[] => [
  'nexthop',
  ...(gateway ? ['via', gateway] : []),
  ...(dev ? ['dev', dev] : []),
  ...(weight && weight > 1 ? ['weight', `${weight}`] : []),
  ...(flags.includes('onlink') ? ['onlink'] : []),
];

const replace = (routes: readonly Route[]): Change => {
  const [{ nhid: _, ...first }] = routes as [Route, ...Route[]];
  const whole = routeWords({ ...first, gateway: null, dev: null, flags: [] });
  return run([...ip(first.family), 'route', 'replace', ...whole, ...routes.flatMap(nexthop)]);
};

/** The route as it was: of a group of nexthop objects by the group's id. */
const asItWas = (all: readonly Route[]): Change => {
  const [first] = all as [Route, ...Route[]];
  return first.nhid === undefined
    ? replace(all)
    : run([...ip(first.family), 'route', 'replace', ...routeWords(first)]);
};

function without(dead: Route, all: readonly Route[]): Fix[] {
  const living = all.filter((one) => one !== dead);
  if (dead.family === 6 || living.length === 0) return [];
  return [
    {
      title: `Take ${named(dead)} out of the route to ${dead.destination}`,
      risk: 'disruptive',
      lasts: 'until reboot, or until the network is configured again',
      affects: `all traffic to ${dead.destination}: it then leaves by ${living.map(named).join(', ')} alone`,
      apply: [replace(living)],
      undo: [asItWas(all)],
    },
  ];
}

/** The next hop that all lost probes were given. */
function given(scene: Scene): { readonly route: Route; readonly all: readonly Route[] } | undefined {
  const exit = exitHop(scene);
  const decision = scene.path.hostRoute ?? (scene.path.origin === 'host' ? scene.path.sourceRoute : null);
  if (!exit || !decision) return undefined;
  const all = siblings(scene.stacks.host, decision, scene.path.realDestination);
  const route = all.find(({ dev, gateway }) => dev === exit.name && gateway === decision.gateway);
  return route && { route, all };
}

/** Some were answered, and none of those was given this next hop. */
function comparedWith(scene: Scene, { dev }: Route): string | undefined {
  if (!scene.comparison) return undefined;
  const { lost, answered, differences } = scene.comparison;
  const ways = new Set(
    watched(scene.path)
      .filter(leadsOut)
      .map(({ id }) => id),
  );
  // Without a MAC address yet, the lost ones left no interface, and the answered ones did.
  const unsent = !scene.sightings.some(({ hop, kind }) => ways.has(hop) && kind === 'request');
  const differ = differences.some(({ trait }) => trait === 'interface' || trait === 'next-hop');
  return unsent || differ
    ? `${lost} of ${lost + answered} flows were lost, all of them given ${dev}, and no answered one was`
    : undefined;
}

/** All were lost, since a hash of addresses gives one flow one way: the host's own probe by each way tells. */
function askedByEach(scene: Scene, { dev }: Route): string | undefined {
  const ways = scene.control?.tries?.filter(({ trait }) => trait === 'interface') ?? [];
  if (scene.comparison || ways.find(({ value }) => value === dev)?.answered !== false) return undefined;
  const living = ways.filter(({ answered }) => answered).map(({ value }) => value);
  return living.length > 0
    ? `this flow is given ${dev}; the host itself is answered by ${living.join(' and ')}, and not by ${dev}`
    : undefined;
}

export default cause({
  id: 'next-hop-dead',
  title: 'One next hop of several swallows its share of the flows',
  explain: `The route to the destination has several next hops, and every flow is given one of them by a hash of its addresses, or of
addresses and ports (net.ipv4.fib_multipath_hash_policy). One of them does not carry what it is given: its router is down, has
no way on, or drops. Some connections work and some never do, and each new try draws anew.

The kernel does not notice by itself: net.ipv4.fib_multipath_use_neigh=1 makes it pass over a next hop whose neighbour entry
has failed, a routing daemon or a gateway monitor takes a dead one out. By hand: \`ip route show\`, and
\`ip route get DESTINATION ipproto tcp sport N dport M\` for several N.`,
  needs: [],
  explains: NO_FILTER,
  over: [
    'no-reply-from-destination',
    'neighbour-absent',
    'neighbour-unanswered',
    'host-no-route',
    'no-return-route',
  ],
  examine(scene) {
    if (!scene.place || !isAt(scene, 'beyond', 'forward', 'send')) return null;
    const found = given(scene);
    if (!found) return null;
    const { route, all } = found;
    const why = comparedWith(scene, route) ?? askedByEach(scene, route);
    if (why === undefined) return null;
    return {
      sure: 'proved',
      what: `the next hop ${named(route)} swallows what it is given`,
      why: `the route to ${route.destination} has ${count(all.length, 'next hop')}: ${why}.`,
      do: `Look whether ${named(route)} is up and has a way on, or take it out of the route. net.ipv4.fib_multipath_use_neigh=1 passes over a next hop that answers no ARP.`,
      evidence: [
        fromState(`the route to ${route.destination} goes by ${all.map(named).join(' and by ')}`, [
          ...ip(route.family),
          'route',
          'show',
          destinationName(route),
        ]),
      ],
      fixes: without(route, all),
    };
  },
});
