import { unlearning } from '../fixes/unlearn.ts';
import { type Attachment, attachment, attachmentBy, covering, gatewayOf } from '../kernel/attachment.ts';
import { NOTHING, refuted } from '../kernel/drops.ts';
import { type LearnedWay, learnedWay, takerOf, toldBy } from '../kernel/learned-route.ts';
import { cameBy, shownAsLearned } from '../kernel/learned-words.ts';
import { answers, isMissing, isUnresolved, nextHop, questions } from '../kernel/next-hop.ts';
import { byRecord } from '../kernel/recorded.ts';
import { isStrict } from '../kernel/reverse-path.ts';
import { decide, ip, leadsUser, routeWords } from '../kernel/routing.ts';
import {
  asksRoutes,
  fromAnyView,
  incoming,
  netnsOf,
  outgoing,
  type Sender,
  sender,
  sideName,
} from '../kernel/travel.ts';
import { type Claim, cause } from '../model/cause.ts';
import { familyOf } from '../model/ends.ts';
import type { Evidence } from '../model/evidence.ts';
import type { Sysctls } from '../model/facts.ts';
import { type Fix, run } from '../model/fix.ts';
import type { Hop } from '../model/path.ts';
import { type Scene, seen } from '../model/scene.ts';
import { linkHolding, linkNamed, type Route } from '../model/stack.ts';
import { fromStateIn, namespaceName, whereIs } from '../words/telling.ts';

/** Whoever is named as gateway takes the packets, and does not forward them. */
const TAKEN = /^(IP_\w+|ip6?_\w+|OTHERHOST|NETFILTER_DROP)$/;

type Seen = Scene & { readonly sysctls: Sysctls };

interface Wrong {
  readonly route: Route;
  /** Null where the route has none, and takes what is far away for a neighbour. */
  readonly gateway: string | null;
  readonly sure: 'proved' | 'supported';
  readonly why: string;
  /** The interface that it names, where that is another than the request came by. */
  readonly at?: Attachment;
}

/** The bridge shows the frame, since a capture makes it listen to everything, and the frame is for somebody else. */
function passesBy(scene: Scene, at: Attachment): boolean {
  const { place } = scene;
  if (place?.stage !== 'forward' || !place.after || place.after.name !== at.bridge?.name) return false;
  const frame = seen(scene, place.after.id, place.direction)[0];
  return frame?.destinationMac != null && frame.destinationMac !== at.bridge.mac;
}

/** The route hands packets for somewhere else straight to the link, where nobody answers for that address. */
function withoutGateway(scene: Scene, at: Attachment, route: Route, destination: string): Wrong | undefined {
  const right = gatewayOf(scene, at, scene.flow.family);
  const isNeighbour = covering(at.link, destination) !== undefined;
  if (route.dev !== at.link.name || right === undefined || isNeighbour) return undefined;
  const hop = nextHop(scene, outgoing(scene));
  if (!hop || hop.address !== destination || !isUnresolved(scene, hop)) return undefined;
  return {
    route,
    gateway: null,
    sure: questions(scene, destination).length > 0 ? 'proved' : 'supported',
    why: `Its route for ${route.destination} names ${at.link.name} and no gateway, so that it takes ${destination} for a neighbour and asks the link for it. It is none, and nobody there answers; the way out is ${right}.`,
  };
}

/** How the route came, where somebody told of it. */
const came = (route: Route): string => {
  const how = toldBy(route);
  return how === undefined ? '' : ` It came by ${how} (proto ${route.protocol}).`;
};

const table = (route: Route): string =>
  route.table === 'main' ? 'Its default route' : `The default route of table ${route.table}`;

/** IPv4 may go by a next hop of IPv6 (RTA_VIA): whoever has IPv6 switched off lost the address, and answers no solicitation. */
function mute({ sysctls }: Seen, bridge: string, gateway: string): string {
  const key = `net.ipv6.conf.${bridge}.disable_ipv6`;
  return familyOf(gateway) === 6 && sysctls.host[key] === '1'
    ? ` ${bridge}, the gateway of this network, has IPv6 switched off (${key} = 1) and can hold none.`
    : '';
}

/** The answer is to leave by another network than the request came by, and nobody there is the gateway named. */
function answersByNobody(scene: Seen, at: Attachment, route: Route, gateway: string): Wrong | undefined {
  // Under strict filtering the request itself was refused, and no answer went anywhere.
  if (scene.flow.family === 4 && isStrict(scene.sysctls, at.side, at.link.name)) return undefined;
  // This host is asked by that name as well, and whatever it does not answer has other reasons.
  const link = linkNamed(at.stack, route.dev);
  if (!link || linkHolding(scene.stacks.host, gateway)) return undefined;
  if (!isMissing({ stack: at.stack, dev: link.name, address: gateway })) return undefined;
  return {
    route,
    gateway,
    at: attachmentBy(scene, at.side, at.stack, link),
    sure: 'supported',
    why: `The request came in by ${at.link.name}; the route back leads through ${link.name} to ${gateway}, and nobody there owns that address.${came(route)}`,
  };
}

/** The gateway that the sender's route names, when this host should be the router and is not the one named. */
function wrong(scene: Seen, at: Attachment, from: Sender): Wrong | undefined {
  const { family } = scene.flow;
  const { destination } = from;
  const found = decide(at.stack, asksRoutes(from));
  const gateway = found.kind === 'route' ? found.route.gateway : null;
  if (found.kind !== 'route') return undefined;
  const { route, rule } = found;
  if (gateway === null) return withoutGateway(scene, at, route, destination);
  if (scene.place?.direction === 'reply' && route.dev !== at.link.name)
    return answersByNobody(scene, at, route, gateway);
  if (route.dev !== at.link.name || linkHolding(scene.stacks.host, gateway)) return undefined;
  // On a bridge that has the uplink for a port, the host is a neighbour of the container: what it sends by itself is right.
  const hosts = decide(scene.stacks.host, { family, destination, source: null, iif: null });
  if (hosts.kind === 'route' && hosts.route.gateway === gateway && hosts.route.dev === at.bridge?.name)
    return undefined;
  // Without an address of the container's network on the bridge, the gateway named may be right, and the bridge wrong.
  const own = at.link.addresses.find((one) => one.family === family && one.scope !== 'link');
  if (!own || !at.bridge || !covering(at.bridge, own.address)) return undefined;
  const segment = passesBy(scene, at) ? incoming(scene) : outgoing(scene);
  const hop = nextHop(scene, segment);
  if (!hop || hop.address !== gateway) return undefined;
  const answered = answers(scene, gateway);
  if (isUnresolved(scene, hop)) {
    return {
      route,
      gateway,
      sure: questions(scene, gateway).length > 0 && answered.length === 0 ? 'proved' : 'supported',
      why: `${leadsUser(rule, from.selects.uid)}${table(route)} names ${gateway}, and nobody on the link owns that address: the question for it stays without an answer.${mute(scene, at.bridge.name, gateway)}${came(route)}`,
    };
  }
  // A router that nobody could look into may be the right one, and lose what it was given.
  if (!Object.values(scene.stacks).some((stack) => stack && linkHolding(stack, gateway))) return undefined;
  return {
    route,
    gateway,
    sure: 'supported',
    why: `${leadsUser(rule, from.selects.uid)}Its route names ${gateway}, which is not this host: whoever answers to it does not pass the packets on.${came(route)}`,
  };
}

function repair(scene: Scene, at: Attachment, { route }: Wrong): Fix[] {
  const { family } = scene.flow;
  const right = gatewayOf(scene, at, family);
  if (!right || right === route.gateway) return [];
  const netns = netnsOf(scene, at.side);
  const better: Route = { ...route, gateway: right, dev: at.link.name, source: null, scope: null, flags: [] };
  return [
    {
      title: `Use ${right} as the gateway`,
      ...byRecord(scene, right),
      lasts: 'until the container restarts',
      affects: 'where this container sends everything beyond its own network',
      apply: [run([...ip(family), 'route', 'replace', ...routeWords(better)], netns)],
      undo: [run([...ip(family), 'route', 'replace', ...routeWords(route)], netns)],
    },
  ];
}

/** Where the way is that somebody told of, and how far the packets came on it. */
interface Misled extends LearnedWay {
  readonly at: Attachment;
  readonly destination: string;
  /** The interface of another namespace of this host that holds that gateway and took the packets; null: nobody answers for it. */
  readonly taker: Hop | null;
}

/** The router that was told of took the packets and did not pass them on, or is gone. */
function misled(scene: Scene, at: Attachment, destination: string): Misled | undefined {
  const way = learnedWay(scene, at, destination);
  if (!way || !scene.place || scene.symptom.kind === 'answered') return undefined;
  const taker = takerOf(scene, way.gateway);
  if (taker) return taker.where === at.side ? undefined : { ...way, at, destination, taker };
  const hop = nextHop(scene, outgoing(scene));
  const isGone = way.isConfigured && hop?.address === way.gateway && isUnresolved(scene, hop);
  return isGone && !refuted(scene, NOTHING) ? { ...way, at, destination, taker: null } : undefined;
}

/** Does the namespace that took the packets forward at all? */
function doesNotForward({ sysctls, flow }: Seen, { taker }: Misled): string | undefined {
  const key = flow.family === 6 ? 'net.ipv6.conf.all.forwarding' : 'net.ipv4.ip_forward';
  return taker?.where === 'other' && sysctls.other[key] === '0'
    ? `it does not forward: ${key} is 0 there`
    : undefined;
}

/** Who is no router needs no forwarding: it is the word of him that is not to be believed. */
function byWordOfOthers(scene: Seen, way: Misled): Claim {
  const { at, route, gateway, how, right, taker, destination } = way;
  const isRa = route.protocol === 'ra';
  const netns = netnsOf(scene, at.side);
  const who = taker ? whereIs(scene.path, taker) : 'nobody who is there now';
  const end = taker
    ? (doesNotForward(scene, way) ?? 'it does not pass the packets on')
    : 'the question for it stays without an answer';
  return {
    sure: taker ? 'proved' : 'supported',
    what: `${sideName(at.side)} sends to the wrong gateway, ${gateway}, of which it knows by ${how}`,
    why: `${cameBy(route, how)} ${gateway} belongs to ${who}${isRa && taker ? ', which sent it' : ''}, and ${end}. The gateway of this network is ${right}.${at.stack.routes.includes(route) ? '' : ' The route was there when the packets left and is not now: each advertisement sets it again.'}`,
    do: isRa
      ? `Stop what sends router advertisements ${taker ? `in ${taker.netns ? namespaceName(taker.netns) : 'there'}` : 'there'} (radvd, or a program like it), and have ${at.link.name} believe none (net.ipv6.conf.${at.link.name}.accept_ra = 0). Only if ${gateway} is meant to be the router, mend it there.`
      : `Have the DHCP server name ${right}. Only if ${gateway} is meant to be the router, mend it there.`,
    fixes: isRa
      ? unlearning(scene, at, way, destination)
      : repair(scene, at, { ...way, sure: 'supported', why: '' }),
    evidence: [shownAsLearned(route, netns), ...(isRa ? acceptance(scene, at) : [])],
  };
}

function acceptance({ sysctls, target, stacks }: Seen, { side, link }: Attachment): Evidence[] {
  const key = `net.ipv6.conf.${link.name}.accept_ra`;
  const value = sysctls[side][key];
  return value === undefined
    ? []
    : [fromStateIn(netnsOf({ target, stacks }, side), `${key} = ${value}`, ['sysctl', key])];
}

export default cause({
  id: 'container-wrong-gateway',
  title: "The container's gateway is not the one of its network",
  explain: `The container's default route names a gateway that nobody on the link owns. The container asks for it by ARP or
neighbour discovery again and again, and what it wants to send never leaves. (On several networks the gateway of any of them
serves as the way out: what its answers meet there by another interface is another cause.)

It comes about by a wrong static configuration, or by a bridge that has been given another address. And by somebody's word: where net.ipv6.conf.*.accept_ra lets it, a router advertisement
of any neighbour sets a default route (or one for a prefix), and one of high preference goes before the configured one; so does the
answer of a DHCP server that nobody wanted. The neighbour then gets the packets and does not pass them on. It is no router, and
turning forwarding on in it mends nothing: \`ip -6 route\` says \`proto ra\`, with the seconds that the route is good for. \`ip route\` and \`ip neigh\` inside show the gateway and its state.`,
  needs: ['sysctls'],
  over: [
    'neighbour-unanswered',
    'neighbour-absent',
    'neighbour-stale',
    'rp-filter-drop',
    'reply-route-diverted',
    'ip-forward-off',
    'interface-forwarding-off',
    'container-no-route',
    'container-firewall-drop',
  ],
  examine: (whole) =>
    fromAnyView(whole, (scene) => {
      const from = sender(scene);
      const at = from && from.side !== 'host' ? attachment(scene, from.side) : undefined;
      if (!from || !at || scene.place === null) return null;
      const told = misled(scene, at, from.destination);
      if (told) return byWordOfOthers(scene, told);
      if (refuted(scene, passesBy(scene, at) ? TAKEN : NOTHING)) return null;
      const leaves = scene.place.direction === 'request' ? 0 : scene.path.hops.length;
      const isNearby = Math.abs(scene.place.index - leaves) <= 2 && scene.place.stage !== 'forward';
      const isOwnLink = isNearby || passesBy(scene, at);
      const fault = isOwnLink ? wrong(scene, at, from) : undefined;
      if (!fault) return null;
      const netns = netnsOf(scene, from.side);
      return {
        sure: fault.sure,
        what:
          fault.gateway === null
            ? `the route of ${sideName(from.side)} for ${fault.route.destination} lacks its gateway`
            : `${sideName(from.side)} sends to the wrong gateway, ${fault.gateway}`,
        why: fault.why,
        do: 'Name the gateway of its own network.',
        fixes: repair(scene, fault.at ?? at, fault),
        evidence: [
          fromStateIn(
            netns,
            `the way to ${from.destination} is ${fault.gateway ? `via ${fault.gateway}` : `dev ${fault.route.dev}, without a gateway`}`,
            [
              ...ip(scene.flow.family),
              'route',
              'get',
              from.destination,
              ...(from.selects.uid === undefined ? [] : ['uid', String(from.selects.uid)]),
            ],
          ),
        ],
      };
    }),
});
