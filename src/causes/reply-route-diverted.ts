import { leadBack } from '../fixes/lead-back.ts';
import { endedByRule } from '../kernel/answer-ended.ts';
import { NETFILTER, refuted } from '../kernel/drops.ts';
import { hex } from '../kernel/marks.ts';
import { otherLeg } from '../kernel/other-leg.ts';
import { type Returning, returning, ruleTowards } from '../kernel/returning.ts';
import { ip, routeName, ruleTitle } from '../kernel/routing.ts';
import { fromAnyView, netnsOf, sideName } from '../kernel/travel.ts';
import { type Claim, cause } from '../model/cause.ts';
import type { ReplyRoute, RuleHit } from '../model/facts.ts';
import type { Decision } from '../model/path.ts';
import type { Scene } from '../model/scene.ts';
import { isAnswer, type Passage } from '../model/sighting.ts';
import { fromStateIn } from '../words/telling.ts';

/** On its wrong way the reply may die of anything that routers and firewalls do to strangers. */
const ASTRAY = new RegExp(`^(NEIGH_\\w+|IP_\\w+|ip6?_\\w+|NO_SOCKET)$|${NETFILTER.source}`);

/** The interface beside the path that it was seen leaving by: last of all, or before it came into this host. */
function seenLeaving({ place, passages }: Scene, { side }: Returning): string | undefined {
  const beside = place?.beside;
  if (beside?.heading === 'out') return beside.device;
  const isOut = (one: Passage): boolean =>
    one.where === side && one.heading === 'out' && !one.onPath && isAnswer(one);
  return beside && side !== 'host' ? passages.find(isOut)?.device : undefined;
}

/** The request was watched for where the answer should leave, and came in by another interface: there its answer belongs. */
const cameInElsewhere = ({ path, captured, sightings }: Scene, { side, expected }: Returning): boolean => {
  const requests = sightings.filter(({ kind }) => kind === 'request');
  const at = path.hops.findIndex(({ where, name }) => where === side && name === expected);
  const id = path.hops[at]?.id;
  if (id === undefined || !captured.has(id) || requests.some(({ hop }) => hop === id)) return false;
  return path.hops.slice(at + 1).some((later) => requests.some(({ hop }) => hop === later.id));
};

/** The interface that an answer nobody saw leaves by: what the kernel says, else what its tables say. */
function leavesBy(way: Returning, told: Decision | null): string | null {
  if (told?.known && told.refusal === null && told.dev !== null && told.dev !== way.expected) return told.dev;
  return way.found.kind === 'route' ? way.found.route.dev : null;
}

/** Nothing leaves at all: what the answerer's kernel was told to refuse it refuses to its own answers too. */
function refused(scene: Scene, way: Returning, { route, rule }: Rejection, { argv }: Decision): Claim {
  const name = route ? routeName(route) : ruleTitle(rule);
  const who = sideName(way.side);
  const { uid, mark } = way.packet;
  const whose = uid ? ` of user ${uid}` : mark ? ` with mark ${hex(mark)}` : '';
  return {
    sure: 'proved',
    what: `${who} refuses to send the reply: ${name} takes it`,
    why: `The reply${whose} to ${way.destination} should leave by ${way.expected}, where the request came from; ${ruleTitle(rule)}${route ? ` and ${name}` : ''} reject it, and nothing leaves.`,
    do: `Let what goes to ${way.destination} pass: a route to it in that table, or an exception before the rule.`,
    evidence: [
      fromStateIn(
        netnsOf(scene, way.side),
        `the kernel has no way for the reply to ${way.destination}`,
        asTyped(argv),
      ),
    ],
  };
}

/** It came home by another leg of who answers, and this host, which has seen half of the connection, ends what follows. */
function byOtherLeg(scene: Scene): Claim | null {
  const leg = otherLeg(scene);
  if (!leg) return null;
  const { side, netns, asked, dev, addresses, source, destination, found } = leg;
  const who = sideName(side);
  const own = addresses[0];
  const way: [string, ...string[]] = [...ip(scene.flow.family), 'route', 'get', destination, 'from', source];
  return {
    sure: 'proved',
    what: `${who} answers another way than it was asked: by ${dev}${own ? ` (${own})` : ''} and not by ${asked}, so that this host sees half of the connection`,
    why: `The request came to ${source} by ${asked}; the answer reached ${destination} and never passed ${asked}, as ${routeName(found.route)} leads it to ${dev}, an interface in the network of who asks. What the asker sends then passes this host as part of a connection that it has not seen answered, and its rules end it.`,
    do: `Ask for ${own ?? `the address of ${dev}`} instead, take ${who} out of one of the two networks, or let it answer from ${source} by ${asked} (a rule "from ${source}" with a table of its own).`,
    evidence: [fromStateIn(netns, `the reply to ${destination} goes to ${dev}`, way)],
  };
}

type Rejection = Extract<Returning['found'], { kind: 'rejected' }>;

const asTyped = (argv: readonly string[]) => argv.slice(argv.indexOf('ip')) as [string, ...string[]];

export default cause({
  id: 'reply-route-diverted',
  title: 'The reply is routed elsewhere on this host',
  explain: `The request got through, the reply came back to this host, and the host sends it to another interface than the one the
request came from: a policy table of a VPN takes it, the route to the container's subnet is lost, or on a host of two
uplinks the answer leaves by the wrong one. Who sends the answer itself can do the same: the host from an address that has
a table of its own in which the bridges are missing, a container whose VPN takes everything. The sender waits for ever.
So it is where a container has a second interface in the network of who asks: its answer goes there directly, this host
sees half of the connection, and what follows the handshake is ended as invalid or by rules that let only what is established pass.

\`ip route get CONTAINER iif UPLINK\` asks the kernel for its decision; \`ip rule\` shows rules before that of table main,
as Tailscale's 5270.`,
  needs: ['replyRoute', 'ruleHits'],
  ofData: true,
  over: [
    'no-reply-from-destination',
    'neighbour-absent',
    'neighbour-unanswered',
    'masquerade-missing',
    'no-return-route',
    'forward-policy-drop',
    'firewall-rule-drop',
    'conntrack-invalid-drop',
    'network-isolation',
    'legacy-rules-drop',
    'direct-routing-blocked',
  ],
  examine: (whole) => (whole.exchange ? byOtherLeg(whole) : elsewhere(whole)),
});

type Answered = Scene & { readonly replyRoute: ReplyRoute; readonly ruleHits: readonly RuleHit[] };

const elsewhere = (whole: Answered): Claim | null =>
  fromAnyView(whole, (scene) => {
    const { decision: told, by: answerer } = scene.replyRoute;
    const way = returning(scene, answerer);
    if (!way || cameInElsewhere(scene, way) || refuted(scene, ASTRAY)) return null;
    if (told.known && told.refusal !== null && way.found.kind === 'rejected')
      return endedByRule(scene, way, null) ? null : refused(scene, way, way.found, told);
    const left = seenLeaving(scene, way);
    const dev = left ?? leavesBy(way, told);
    if (dev === null || dev === way.expected) return null;
    // One that was seen leaving did not end before.
    if (left === undefined && endedByRule(scene, way, dev)) return null;
    const { found } = way;
    const led =
      found.kind === 'route' && found.route.dev === dev ? found : ruleTowards(way.stack, way.packet, dev);
    const isSeen = left !== undefined;
    if (led?.kind !== 'route' && !isSeen) return null;
    const netns = netnsOf(scene, way.side);
    const who = sideName(way.side);
    const by =
      led?.kind === 'route'
        ? `; ${led.rule.table === 'main' ? '' : `${ruleTitle(led.rule)} and `}${routeName(led.route)} ${led.rule.table === 'main' ? 'leads' : 'lead'} it to ${dev}`
        : `, and was seen leaving by ${dev}`;
    const asked = told.known && told.dev === dev;
    return {
      sure: isSeen || asked ? 'proved' : 'supported',
      what: `${who} sends the reply to ${dev} instead of ${way.expected}`,
      why: `The reply to ${way.destination} should leave by ${way.expected}, where the request came from${by}.`,
      do: `Let what goes to ${way.destination} leave by ${way.expected}.`,
      fixes: led?.kind === 'route' ? leadBack(scene, way, led.route, led.rule) : [],
      evidence: [
        fromStateIn(
          netns,
          `the reply to ${way.destination} goes to ${dev}`,
          asked ? asTyped(told.argv) : question(scene, way),
        ),
      ],
    };
  });

const question = (scene: Scene, { destination, source }: Returning): [string, ...string[]] => [
  ...ip(scene.flow.family),
  'route',
  'get',
  destination,
  ...(source === null ? [] : ['from', source]),
];
