import { withRoute } from '../fixes/route.ts';
import { deletion } from '../fixes/rule.ts';
import { sparing } from '../fixes/spare.ts';
import { setSysctls } from '../fixes/sysctl.ts';
import { attachment, attachmentBy } from '../kernel/attachment.ts';
import { confirmed, refuted } from '../kernel/drops.ts';
import { nextHop, questions } from '../kernel/next-hop.ts';
import { childHolding } from '../kernel/parents.ts';
import { comparesWayBack, isStrict } from '../kernel/reverse-path.ts';
import { decide, routeName } from '../kernel/routing.ts';
import { endingHit, surely } from '../kernel/rules.ts';
import { fromAnyView, netnsOf, outgoing, sender, sideName } from '../kernel/travel.ts';
import { cause } from '../model/cause.ts';
import type { Sysctls } from '../model/facts.ts';
import type { Fix } from '../model/fix.ts';
import type { Hop } from '../model/path.ts';
import { isHostAddress, type Scene, seen } from '../model/scene.ts';
import type { Passage } from '../model/sighting.ts';
import { linkNamed, type Route } from '../model/stack.ts';
import { fromStateIn, ruleName } from '../words/telling.ts';

const DROPPED = /^IP_RPFILTER$/;

type Seen = Scene & { readonly sysctls: Sysctls };
type At = Pick<Hop, 'id' | 'name' | 'where'>;

interface Refused {
  readonly hop: At;
  readonly source: string;
  /** The way back to the source, which is not by this interface; null where there is none. */
  readonly back: Route | null;
}

/**
 * The interface at which packets from this source come in, and the way its namespace would answer them: as whoever they are for
 * by then, behind DNAT (__fib_validate_source(), net/ipv4/fib_frontend.c), for a rule may lead him elsewhere.
 */
function refusedAt(
  scene: Scene,
  hop: At | null | undefined,
  source: string | undefined | null,
  destination: string | null = null,
): Refused | undefined {
  const stack = hop && scene.stacks[hop.where];
  if (!hop || !stack || !source) return undefined;
  const found = decide(stack, { family: 4, destination: source, source: destination, iif: null });
  if (found.kind === 'route' && found.route.dev === hop.name) return undefined;
  return { hop, source, back: found.kind === 'route' ? found.route : null };
}

/** An answer may come in beside the path, by an interface of its own. */
const atPassage = ({ hop, device, where }: Passage): At => ({ id: hop, name: device, where });

/** Children of an interface of the host hear what it hears, each by settings of its own, and answer for their own address. */
function childHearing(scene: Scene, parent: string, address: string): At | undefined {
  const child = childHolding(scene, scene.stacks.host, address);
  if (child?.parent.name !== parent) return undefined;
  const { name } = child.link;
  return { id: `host/${name}`, name, where: 'host' };
}

/** Where a packet was seen last, or where the question for the next hop came in: rp_filter silences ARP too. */
function candidates(scene: Seen): Refused[] {
  const { place } = scene;
  const { beside } = place ?? {};
  if (beside?.heading === 'in')
    return [refusedAt(scene, atPassage(beside), beside.source)].flatMap((one) => one ?? []);
  const frame = place?.after && seen(scene, place.after.id, place.direction)[0];
  const segment = outgoing(scene);
  const hop = nextHop(scene, segment);
  const asked = hop && scene.sightings.find((one) => one.says?.startsWith(`who has ${hop.address}? tell `));
  const last = segment?.hops.at(-1);
  const outer = scene.flow.from === 'outside' ? scene.path.hops[0] : undefined;
  const stranger = outer && questions(scene, scene.flow.address).find((one) => one.hop === outer.id);
  return [
    refusedAt(
      scene,
      place?.after,
      frame?.source,
      place?.direction === 'request' ? scene.path.realDestination : null,
    ),
    answersBy(scene),
    stranger ? refusedAt(scene, outer, stranger.says?.split(' tell ')[1]) : undefined,
    ...(asked && last?.where === 'host'
      ? [last, childHearing(scene, last.name, hop.address)].map((at) =>
          refusedAt(scene, at, asked.says?.split(' tell ')[1]),
        )
      : []),
  ].filter((one): one is Refused => one !== undefined);
}

/** An answer that nobody saw: its sender is to hand it to the host by another interface than the request came by. */
function answersBy(scene: Seen): Refused | undefined {
  const from = sender(scene);
  const at = from && from.side !== 'host' ? attachment(scene, from.side) : undefined;
  if (scene.place?.direction !== 'reply' || scene.place.stage !== 'deliver' || !from || !at) return undefined;
  const { source, destination } = from;
  const found = decide(from.stack, { family: 4, destination, source, iif: null });
  const link = found.kind === 'route' ? linkNamed(from.stack, found.route.dev) : undefined;
  if (found.kind !== 'route' || !link || link.name === at.link.name) return undefined;
  const { port, bridge } = attachmentBy(scene, at.side, at.stack, link);
  const taker = bridge ?? port;
  const { gateway } = found.route;
  if (!taker || gateway === null || !isHostAddress(scene, gateway)) return undefined;
  // What is not known of it is no setting: `all` is then not the larger of the two.
  if (scene.sysctls.host[`net.ipv4.conf.${taker.name}.rp_filter`] === undefined) return undefined;
  return refusedAt(scene, { id: `host/${taker.name}`, name: taker.name, where: 'host' }, source, destination);
}

/** The route to the interface on which the source is known to live, by its MAC address: only its answers come in here. */
function home({ stacks }: Scene, { hop, source, back }: Refused): Route | undefined {
  const isThere = stacks[hop.where]?.neighbours.some(
    ({ address, dev, mac }) => address === source && dev === back?.dev && mac !== null,
  );
  return isThere ? (back ?? undefined) : undefined;
}

/** Was it a question for this host's MAC address that was not heard? The answer itself waits for that (arp_process(), net/ipv4/arp.c). */
const silenced = ({ place }: Scene): boolean => place?.beside?.kind === 'neighbour';

/**
 * A route back by the interface the packet came in by, when its sender's own gateway there is known by its MAC address. None
 * to a neighbour on another interface, which would be lost to everybody there.
 */
function routeBack(scene: Scene, refused: Refused): Fix[] {
  const { hop, source } = refused;
  const frame = scene.place?.beside ?? seen(scene, hop.id, scene.place?.direction ?? 'request')[0];
  const stack = scene.stacks[hop.where];
  const near = stack?.neighbours.find(
    (one) =>
      one.dev === hop.name && one.mac !== null && one.mac === frame?.sourceMac && !one.address.includes(':'),
  );
  if (!near) return [];
  const words =
    near.address === source
      ? [`${source}/32`, 'dev', hop.name]
      : [`${source}/32`, 'via', near.address, 'dev', hop.name];
  return [
    withRoute(4, words, netnsOf(scene, hop.where), {
      title: `Answer ${source} by ${hop.name}, where it comes from`,
      affects: `traffic to ${source}`,
    }),
  ];
}

export default cause({
  id: 'rp-filter-drop',
  title: 'Reverse-path filtering refuses the source address',
  explain: `With strict reverse-path filtering, the kernel takes a packet only if the answer to its source would leave by the
interface it came in by. Hosts with several uplinks, VPNs or policy routing break that rule honestly, and the packets are
dropped in silence, ARP requests included. A firewall rule with an rpfilter match or fib expression does the same.

A container on two networks answers by its default route, whichever of them it was asked by: where the bridge it then comes in by
is strict, it is refused there, and so is the question for the MAC address of the gateway that goes before it.

The larger of net.ipv4.conf.all.rp_filter and that of the interface counts: 1 is strict, 2 loose. \`nstat -az
TcpExtIPReversePathFilter\` counts the drops; log_martians shows them.`,
  needs: ['sysctls', 'ruleHits'],
  over: [
    'firewall-rule-drop',
    'neighbour-unanswered',
    'neighbour-absent',
    'reply-route-diverted',
    'firewalld-rejects',
    'host-route-diverted',
  ],
  examine: (whole) =>
    fromAnyView(whole, (scene) => {
      const hit = endingHit(scene);
      if (hit) {
        const mode = comparesWayBack(hit.rule);
        if (mode === null) return null;
        const byOwn = mode === 'strict';
        return {
          sure: surely(hit),
          what: `a rule of reverse-path filtering drops it: ${hit.rule.text}`,
          why: `The packets met ${ruleName(hit.rule)}, which drops what ${byOwn ? 'comes in by another interface than the answer would leave by' : 'comes from where no route leads back to'}.`,
          do: `Correct the route back to the source${byOwn ? ', or make the rule a loose one' : ''}.`,
          owner: hit.rule.owner,
          rule: hit.rule,
          fixes: [
            ...sparing(scene, hit, [], netnsOf(scene, hit.side)),
            ...deletion(hit.rule, netnsOf(scene, hit.side)),
          ],
        };
      }
      if (scene.flow.family === 6 || scene.place === null || refuted(scene, DROPPED)) return null;
      const found = candidates(scene).find(({ hop }) => isStrict(scene.sysctls, hop.where, hop.name));
      if (!found) return null;
      const { hop, source, back } = found;
      const lives = home(scene, found);
      const netns = netnsOf(scene, hop.where);
      const key = `net.ipv4.conf.${hop.name}.rp_filter`;
      const before = scene.sysctls[hop.where][key];
      return {
        sure: confirmed(scene, DROPPED) ? 'proved' : 'supported',
        what: `strict reverse-path filtering on ${hop.name} of ${sideName(hop.where)} refuses ${source}`,
        why: `Packets from ${source} come in by ${hop.name}, and the way back to it ${back ? `is ${routeName(back)}` : 'does not exist'}: with rp_filter 1 the kernel drops them${silenced(scene) ? ', and answers no question that comes from there for a MAC address' : ''}.`,
        do: lives
          ? `Filter loosely on ${hop.name}, or let the answers of ${source} leave by its interface on ${lives.dev} (in its namespace a rule "from ${source}" with a table of its own).`
          : `Make the route back to ${source} lead through ${hop.name}, or filter loosely there.`,
        fixes: [
          ...(lives ? [] : routeBack(scene, found)),
          ...(before === undefined
            ? []
            : [
                setSysctls([{ key, value: '2', before }], netns, {
                  title: `Filter loosely on ${hop.name}`,
                  risk: 'safe',
                  affects: `sources that ${hop.name} accepts`,
                }),
              ]),
        ],
        evidence: [
          fromStateIn(
            netns,
            `rp_filter is strict on ${hop.name}`,
            ['sysctl', 'net.ipv4.conf.all.rp_filter', key],
            hop.id,
          ),
        ],
      };
    }),
});
