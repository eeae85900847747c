import { around, localFirst, mainFirst, withoutRoute, withoutRule, withRoute } from '../fixes/route.ts';
import { unlearning } from '../fixes/unlearn.ts';
import { covering, isContainerLink } from '../kernel/attachment.ts';
import { designedRoute } from '../kernel/designed.ts';
import { confirmed, MARTIAN, refuted } from '../kernel/drops.ts';
import {
  defaultRoutes,
  type Forwarding,
  forwarding,
  isConnected,
  linkTowards,
  markedWays,
  wayOut,
} from '../kernel/forwarding.ts';
import { misledHost } from '../kernel/learned-route.ts';
import { cameBy, shownAsLearned } from '../kernel/learned-words.ts';
import { subnetOf } from '../kernel/nat.ts';
import { ip, longestMatch, routeName, ruleTitle } from '../kernel/routing.ts';
import { vrfOf } from '../kernel/vrf.ts';
import { type Claim, cause } from '../model/cause.ts';
import type { RuleHit, Sysctls } from '../model/facts.ts';
import { type Fix, run } from '../model/fix.ts';
import { isTunnel } from '../model/path.ts';
import type { Scene } from '../model/scene.ts';
import { linkHolding, linkNamed, type Route, type RoutingRule } from '../model/stack.ts';
import { fromState, namespaceName, whereIs } from '../words/telling.ts';
import { capital } from '../words/text.ts';

/** Where it went instead, routers may refuse it. */
const ELSEWHERE = /^(NEIGH_\w+|IP_\w+|ip6?_\w+|NO_SOCKET)$/;

interface Diverted {
  readonly dev: string;
  readonly usual: string;
  readonly why: string;
  readonly fixes: readonly Fix[];
  readonly seen: boolean;
}

const whole = (scene: Scene, address: string): string => `${address}/${scene.flow.family === 6 ? 128 : 32}`;

/** A mark that a firewall rule set on this packet leads it to another table. */
function byMark(
  scene: Scene,
  way: Forwarding,
  hits: readonly RuleHit[],
  usual: string,
): Diverted | undefined {
  const marking = hits.find(
    (hit) => /\bMARK\b|meta mark set|ct mark/i.test(hit.rule.text) && hit.side === 'host',
  );
  for (const { rule, found } of markedWays(scene, way)) {
    if (found.kind !== 'route' || found.route.dev === null || found.route.dev === usual) continue;
    if (designedRoute(scene.stacks.host, found.route, rule)) continue;
    return {
      dev: found.route.dev,
      usual,
      why: `${marking ? `A rule marks it (${marking.rule.text}), and ` : 'A mark selects '}${ruleTitle(rule)} leads to ${routeName(found.route)}.`,
      fixes: [withoutRule(rule, null)],
      seen: marking !== undefined,
    };
  }
  return undefined;
}

/** The interface that it came in by belongs to a VRF, whose table leads elsewhere than the way out. */
function byVrf(scene: Scene, { iif }: Forwarding, route: Route, usual: string): Diverted | undefined {
  const vrf = vrfOf(scene.stacks.host, iif);
  if (!vrf || iif === null || iif === vrf.name || route.dev === null) return undefined;
  return {
    dev: route.dev,
    usual,
    why: `${iif} belongs to the VRF ${vrf.name}, whose table decides about everything that comes in by it: ${routeName(route)}.`,
    fixes: [
      {
        title: `Take ${iif} out of ${vrf.name}`,
        risk: 'disruptive',
        lasts: 'until reboot',
        affects: `all traffic of ${iif}`,
        apply: [run(['ip', 'link', 'set', 'dev', iif, 'nomaster'])],
        undo: [run(['ip', 'link', 'set', 'dev', iif, 'master', vrf.name])],
      },
    ],
    seen: true,
  };
}

/** It throws away whatever it is given (drivers/net/dummy.c), and so nothing that goes in there was meant to arrive. */
function intoDummy(scene: Scene, way: Forwarding, usual: string | undefined): Diverted | undefined {
  if (way.found.kind !== 'route') return undefined;
  const { route, rule } = way.found;
  const link = linkNamed(scene.stacks.host, route.dev);
  if (link?.kind !== 'dummy' || isConnected(scene, route)) return undefined;
  return {
    dev: link.name,
    usual: usual ?? 'an interface that leads out',
    why: `${routeName(route)}${rule.table === 'main' ? '' : `, by ${ruleTitle(rule)},`} takes it, and ${link.name} is a dummy: it throws away whatever it is given.`,
    fixes: usual === undefined ? [] : undoing(scene, way.destination, route, rule),
    seen: true,
  };
}

/** An address of this host's own that a rule leads on: table local, which has it, is looked up after that one or not at all. */
function ownAddress(scene: Scene, way: Forwarding): Diverted | undefined {
  const holder = linkHolding(scene.stacks.host, way.destination);
  if (!holder || way.found.kind !== 'route') return undefined;
  const { route, rule } = way.found;
  if (route.dev === null || route.type !== 'unicast') return undefined;
  const isKept = longestMatch(scene.stacks.host, 'local', way.packet)?.type === 'local';
  return {
    dev: route.dev,
    usual: `taking it in: ${way.destination} is its own address, on ${holder.name}`,
    why: `${ruleTitle(rule)} leads to ${routeName(route)}, ${isKept ? 'and comes before the one that looks up table local, where the address is its own' : 'and table local, which makes an address its own, has it no more'}.`,
    fixes: isKept ? localFirst(rule, whole(scene, way.destination), null) : [],
    seen: true,
  };
}

function byRoute(scene: Scene, way: Forwarding, usual: string): Diverted | undefined {
  if (way.found.kind !== 'route') return undefined;
  const { route, rule } = way.found;
  if (route.dev === null || route.dev === usual || route.type !== 'unicast') return undefined;
  if (designedRoute(scene.stacks.host, route, rule)) return undefined;
  // An address of the link itself brings its subnet along: that is an overlap, or the destination's own place.
  if (isConnected(scene, route) || linkTowards(scene, way.destination)?.name === route.dev) return undefined;
  if (rule.action === 'l3mdev') return byVrf(scene, way, route, usual);
  return {
    dev: route.dev,
    usual,
    why: `${routeName(route)}${rule.table === 'main' ? '' : `, by ${ruleTitle(rule)},`} takes it.`,
    fixes: undoing(scene, way.destination, route, rule),
    seen: true,
  };
}

const isIntoTunnel = ({ stacks }: Scene, dev: string | null): boolean =>
  isTunnel(linkNamed(stacks.host, dev)?.kind ?? '');

function undoing(scene: Scene, destination: string, route: Route, rule: RoutingRule): Fix[] {
  if (rule.table !== 'main') {
    // Who leads packets into a tunnel may mean to keep them from going out otherwise.
    const past = mainFirst(rule, whole(scene, destination), null);
    return isIntoTunnel(scene, route.dev)
      ? past.map((fix) => ({ ...fix, risk: 'disruptive' as const }))
      : past;
  }
  const bridge = linkTowards(scene, destination);
  const own = bridge && covering(bridge, destination);
  if (bridge && own) {
    const subnet = subnetOf(own.address, own.prefix);
    const exists = scene.stacks.host.routes.some(
      (one) => one.dev === bridge.name && one.destination === subnet,
    );
    if (!exists)
      return [
        withRoute(scene.flow.family, [subnet, 'dev', bridge.name, 'src', own.address], null, {
          title: `Put the route to ${subnet} back`,
        }),
      ];
  }
  // The only default route is never taken away.
  const isLast = route.destination.endsWith('/0') && defaultRoutes(scene).length < 2;
  const out = wayOut(scene);
  const past = out ? around(route, destination, out) : [];
  return [...past, ...(isLast ? [] : [withoutRoute(route, null)])];
}

/** A container told the host that it is a router, and the host believed it (accept_ra, a DHCP client on a bridge). */
function byWordOfContainer(scene: Scene & { readonly sysctls: Sysctls }): Claim | null {
  if (scene.symptom.kind === 'answered') return null;
  const found = misledHost(scene, scene.path.realDestination);
  if (!found) return null;
  const { route, gateway, how, link, taker, otherwise } = found;
  const isRa = route.protocol === 'ra';
  const believes = `net.ipv6.conf.${link.name}.accept_ra`;
  const right = otherwise?.gateway ?? undefined;
  return {
    sure: 'proved',
    what: `the host sends it to ${gateway} on ${link.name}, of which it knows by ${how}${otherwise?.dev ? `, instead of ${otherwise.dev}` : ''}`,
    why: `${cameBy(route, how)} ${gateway} belongs to ${whereIs(scene.path, taker)}${isRa ? ', which sent it' : ''}; it took the packets and does not pass them on.`,
    do: isRa
      ? `Believe no router advertisements on ${link.name} (${believes} = 0), and stop what sends them in ${taker.netns ? namespaceName(taker.netns) : 'the container'}. Only if ${gateway} is meant to be the router, mend it there.`
      : `Keep the DHCP client off ${link.name}. Only if ${gateway} is meant to be the router, mend it there.`,
    fixes:
      right === undefined
        ? []
        : unlearning(
            scene,
            { side: 'host', stack: scene.stacks.host, link },
            { route, right },
            scene.path.realDestination,
          ),
    evidence: [shownAsLearned(route, null)],
  };
}

export default cause({
  id: 'host-route-diverted',
  title: 'The host sends it out of another interface than its uplink',
  explain: `The host's routing leads the packet into another interface than the one that leads out: a more specific route into a
VPN, a policy rule or mark that selects another table, a stray default route by a veth, or a VRF. What goes in there is
not answered.

Where net.ipv6.conf.BRIDGE.accept_ra is on, a container's router advertisement sets a default route of the host to that container
(CVE-2020-13401); it shows as \`proto ra\`.

VPN clients, DHCP clients that take a veth for a network card, and multi-uplink set-ups do that. \`ip route get
DESTINATION from CONTAINER iif BRIDGE\` names the interface and the table; \`ip rule\` the rule.`,
  needs: ['ruleHits', 'sysctls'],
  over: [
    'ip-forward-off',
    'interface-forwarding-off',
    'container-no-route',
    'container-firewall-drop',
    'neighbour-absent',
    'neighbour-unanswered',
    'no-reply-from-destination',
    'masquerade-missing',
    'no-return-route',
  ],
  examine(scene) {
    const { place, symptom } = scene;
    if (place?.direction !== 'request') return null;
    const told = byWordOfContainer(scene);
    if (told) return told;
    if (refuted(scene, ELSEWHERE) || confirmed(scene, MARTIAN)) return null;
    const way = forwarding(scene);
    if (!way || (symptom.kind !== 'lost' && symptom.kind !== 'silence' && symptom.kind !== 'error'))
      return null;
    const out = wayOut(scene) ?? wayOut(scene, 'main');
    const usual = linkTowards(scene, way.destination)?.name ?? out?.dev ?? undefined;
    const isStray =
      way.oif !== null &&
      isContainerLink(linkNamed(scene.stacks.host, way.oif) ?? scene.stacks.host.links[0]!);
    const marked =
      usual !== undefined && place.stage === 'forward' && way.oif === usual
        ? byMark(scene, way, scene.ruleHits, usual)
        : undefined;
    const found =
      ownAddress(scene, way) ??
      intoDummy(scene, way, usual) ??
      (usual === undefined ? undefined : byRoute(scene, way, usual)) ??
      marked;
    if (!found) return null;
    const isSeen = found.seen && (place.stage === 'beyond' || isStray) && way.oif === found.dev;
    return {
      // Who set up a tunnel wanted packets in it.
      sure: isSeen && !isIntoTunnel(scene, found.dev) ? 'proved' : 'supported',
      what: `the host sends it to ${found.dev} instead of ${found.usual}`,
      why: capital(found.why),
      do: `Correct the route or rule, if ${way.destination} is not meant to go through ${found.dev}.`,
      fixes: found.fixes,
      evidence: [
        fromState(`${way.destination} goes through ${found.dev}`, [
          ...ip(scene.flow.family),
          'route',
          'get',
          way.destination,
          ...(way.source && way.iif ? ['from', way.source, 'iif', way.iif] : []),
        ]),
      ],
    };
  },
});
