import { NO_FILTER } from '../kernel/drops.ts';
import { covers, decide, ip } from '../kernel/routing.ts';
import { asking, netnsOf } from '../kernel/travel.ts';
import { cause } from '../model/cause.ts';
import { type Fix, run } from '../model/fix.ts';
import type { Family } from '../model/flow.ts';
import type { Netns } from '../model/netns.ts';
import { exitHop, type Scene, seen } from '../model/scene.ts';
import { fromStateIn } from '../words/telling.ts';

/** All that a namespace remembers of routes: redirects and path MTUs, which come back by themselves where they are true. */
const forgetting = (family: Family, netns: Netns | null, who: string): Fix => ({
  title: `Forget what ${who} remembers of routes`,
  risk: 'disruptive',
  lasts: 'until another router sends such a redirect',
  affects: `redirects and path MTUs that ${who} has learned; what is still true is learned again`,
  apply: [run([...ip(family), 'route', 'flush', 'cache'], netns)],
  undo: [run([...ip(family), 'route', 'flush', 'cache'], netns)],
});

/** The request is lost before it leaves this host. */
const isLostOnTheWay = (scene: Scene): boolean => {
  const exit = exitHop(scene);
  return exit === undefined || seen(scene, exit.id, 'request').length === 0;
};

export default cause({
  id: 'route-redirected',
  title: 'An ICMP redirect that is remembered leads the packets to another router',
  explain: `A router that sends a packet back out of the interface it came in by tells the sender of the nearer one (ICMP redirect), and a
sender that accepts it (net.ipv4.conf.*.accept_redirects) remembers that for this destination, beside its routes and before
them. When the nearer router is gone, or forwards no longer, the routes look right and the packets still go there, for
minutes.

It comes about where a container serves as a gateway beside the bridge's own address, a VPN most of all, and is stopped or
moved; and with a route on the host that led back to the bridge for a while.

By hand: \`ip route get ADDRESS\` says \`cache <redirected>\`; \`ip route flush cache\` forgets it. Of IPv6, \`ip -6 route show cache\`
lists what is remembered, \`ip -6 route flush cache\` forgets it, and the setting is net.ipv6.conf.*.accept_redirects.`,
  needs: [],
  explains: NO_FILTER,
  over: [
    'ip-forward-off',
    'interface-forwarding-off',
    'container-wrong-gateway',
    'neighbour-absent',
    'neighbour-unanswered',
    'host-route-diverted',
    'next-hop-dead',
    'no-reply-from-destination',
  ],
  examine(scene) {
    const { path, flow, place, stacks, target } = scene;
    const { sourceRoute } = path;
    const side = asking(scene);
    if (!sourceRoute.redirected || place?.direction !== 'request' || scene.symptom.kind === 'answered')
      return null;
    if ((flow.from !== 'container' && flow.from !== 'host') || !isLostOnTheWay(scene)) return null;
    const meant = decide(stacks[side], {
      family: flow.family,
      destination: flow.address,
      source: null,
      iif: null,
    });
    const right = meant.kind === 'route' ? meant.route.gateway : null;
    if (sourceRoute.gateway === null || right === sourceRoute.gateway) return null;
    // A copy that remembers a path MTU alone keeps the router of its route, of which there may be several.
    const isOfRoute = stacks[side].routes.some(
      (one) => one.gateway === sourceRoute.gateway && covers(one, flow.address),
    );
    if (flow.family === 6 && isOfRoute) return null;
    const netns = netnsOf(scene, side);
    const who = side === 'host' ? 'this host' : target.name;
    return {
      sure: scene.control?.answered === true || side === 'host' ? 'proved' : 'supported',
      what: `${who} remembers an ICMP redirect, and sends what is for ${flow.address} to ${sourceRoute.gateway}`,
      why: `Its routes name ${right ?? 'no gateway'} for ${flow.address}; a redirect that it accepted once names ${sourceRoute.gateway} instead and goes before them, and from there the packets come no further.`,
      do: `Forget it (${[...ip(flow.family), 'route', 'flush', 'cache'].join(' ')}). Where no router is to be believed, set accept_redirects to 0 there${flow.family === 6 ? '' : ', or send_redirects to 0 on the host that told it'}.`,
      fixes: [forgetting(flow.family, netns, who)],
      evidence: [
        fromStateIn(netns, `the way to ${flow.address} is via ${sourceRoute.gateway}, redirected`, [
          ...ip(flow.family),
          'route',
          'get',
          flow.address,
        ]),
      ],
    };
  },
});
