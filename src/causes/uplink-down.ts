import { attachments, isContainerLink } from '../kernel/attachment.ts';
import { confirmed, NO_ROUTE, QUEUE, refuted } from '../kernel/drops.ts';
import { forwarding } from '../kernel/forwarding.ts';
import { cause } from '../model/cause.ts';
import { type Fix, run } from '../model/fix.ts';
import { exitHop, isHostAddress, linkNow, type Scene } from '../model/scene.ts';
import { isPair, type Link, linkNamed } from '../model/stack.ts';
import { fromState } from '../words/telling.ts';

const EXPECTED = new RegExp(`${QUEUE.source}|${NO_ROUTE.source}|^(ip_error|nf_hook_slow|NETFILTER_DROP)$`);

type State = 'down' | 'without carrier' | 'without an address';

function stateOf(link: Link, family: 4 | 6): State | undefined {
  if (!link.up) return 'down';
  if (link.carrier === false) return 'without carrier';
  return link.addresses.some((one) => one.family === family && one.scope !== 'link')
    ? undefined
    : 'without an address';
}

/**
 * The uplink: a hop of the path, or, when its routes are gone, the one outer interface there is. With a healthy outer
 * interface beside it, a second one that is down explains nothing.
 */
function uplink(scene: Scene): Link | undefined {
  const hop = exitHop(scene);
  if (hop) return linkNow(scene, hop) ?? hop.link;
  const way = forwarding(scene);
  if (way?.found.kind === 'route') return linkNamed(scene.stacks.host, way.found.route.dev);
  const ends = attachments(scene).map(({ port }) => port?.name);
  const all = scene.stacks.host.links.filter((link) => !isContainerLink(link) && !ends.includes(link.name));
  // A veth is a container's end rather than an uplink, where there is anything else.
  const cards = all.filter((link) => !isPair(link) || link.addresses.length > 0);
  const outer = cards.length > 0 ? cards : all;
  const healthy = outer.some((link) => stateOf(link, scene.flow.family) === undefined);
  const broken = outer.filter((link) => stateOf(link, scene.flow.family) !== undefined);
  return !healthy && broken.length === 1 ? broken[0] : undefined;
}

export default cause({
  id: 'uplink-down',
  title: "The host's uplink is down, without carrier or without address",
  explain: `The interface by which this host reaches the outside is administratively down, has no carrier (a cable, a switch, the
other end of a virtual link), or has lost its address. Containers reach each other, and nobody gets out; the host itself
is offline too.

\`ip -br link\` shows DOWN or NO-CARRIER, and \`ip -br addr\` the address. With the interface its routes go as well.`,
  needs: [],
  forEverybody: true,
  over: [
    'host-no-route',
    'neighbour-absent',
    'neighbour-unanswered',
    'no-reply-from-destination',
    'qdisc-drop',
    'host-route-diverted',
    'masquerade-missing',
    'snat-wrong-address',
  ],
  examine(scene) {
    const { place, flow, path } = scene;
    const leaves = flow.from !== 'outside' && path.ending === 'outside' && place?.direction === 'request';
    const atUplink =
      place &&
      (place.stage === 'forward' ||
        place.stage === 'beyond' ||
        (place.stage === 'send' && flow.from === 'host') ||
        // A child's packets go straight to its parent.
        (/^(mac|ip)vlan$/.test(path.hops[0]?.kind ?? '') && place.index <= 1));
    if (!leaves || !atUplink || refuted(scene, EXPECTED)) return null;
    // What is for this host itself needs no uplink: that it is led to one is the fault.
    if (isHostAddress(scene, path.realDestination)) return null;
    const link = uplink(scene);
    const state = link && stateOf(link, flow.family);
    if (!link || !state || isContainerLink(link)) return null;
    // The last address takes all routes of an interface along: one that is still routed to needs none, as a tunnel.
    if (state === 'without an address' && forwarding(scene)?.found.kind === 'route') return null;
    const fixes: Fix[] =
      state === 'down'
        ? [
            {
              title: `Set ${link.name} up`,
              risk: 'safe',
              lasts: 'until reboot, unless something sets it down again',
              affects: 'the whole host',
              apply: [run(['ip', 'link', 'set', 'dev', link.name, 'up'])],
              undo: [run(['ip', 'link', 'set', 'dev', link.name, 'down'])],
            },
          ]
        : [];
    const helpless = scene.control?.asked === true && !scene.control.answered;
    return {
      sure: confirmed(scene, QUEUE) || helpless ? 'proved' : 'supported',
      what: `the uplink ${link.name} is ${state}`,
      why: `${link.name} is ${state}, so nothing leaves this host by it${helpless ? '; the host itself does not reach the destination either' : ''}.`,
      do:
        state === 'down'
          ? `Set ${link.name} up, and have its routes set again.`
          : state === 'without carrier'
            ? `Look at what ${link.name} is connected to: cable, switch or the other end.`
            : `Have ${link.name} get its address again, by DHCP or by its configuration.`,
      fixes,
      evidence: [
        fromState(`${link.name} is ${state}`, ['ip', 'addr', 'show', 'dev', link.name], `host/${link.name}`),
      ],
    };
  },
});
