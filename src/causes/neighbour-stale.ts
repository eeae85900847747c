import { BRIDGE, confirmed, OTHERHOST, refuted } from '../kernel/drops.ts';
import { answers, entryOf, type NextHop, nextHop } from '../kernel/next-hop.ts';
import { ip } from '../kernel/routing.ts';
import {
  fromAnyView,
  incoming,
  netnsOf,
  outgoing,
  type Segment,
  sideName,
  travel,
} from '../kernel/travel.ts';
import { cause } from '../model/cause.ts';
import { type Fix, run } from '../model/fix.ts';
import { type Hop, isTunnel } from '../model/path.ts';
import { linkNow, type Scene, seen } from '../model/scene.ts';
import { linkHolding, linkNamed } from '../model/stack.ts';
import { fromStateIn } from '../words/telling.ts';

interface Stale {
  readonly wrong: string;
  readonly right: string | null;
  readonly hop: NextHop | undefined;
  readonly seenAt: string | null;
}

const isUnicast = (mac: string): boolean => (Number.parseInt(mac.slice(0, 2), 16) & 1) === 0;

/** The sender knows the address by another entry, and this one's is right: its frames went by another route then. */
const isOfAnother = (hop: NextHop, mac: string): boolean => {
  const entry = entryOf(hop);
  const isNamed = hop.stack.neighbours.some((one) => one.mac === mac && one.address !== hop.address);
  return isNamed && entry?.mac != null && entry.mac !== mac;
};

/** A frame of the lost packets whose MAC address is not that of the interface it was meant for. */
function misaddressed(scene: Scene, segment: Segment | undefined): Stale | undefined {
  const receiver = segment?.hops.at(-1);
  const link = receiver && linkNow(scene, receiver);
  const way = travel(scene);
  // What came in beside the path was taken there: on the path it was a copy.
  if (!segment || !receiver || !link?.mac || !scene.place || scene.place.beside || !way) return undefined;
  const isLeaving =
    receiver === way.hops.at(-1) && receiver.where === 'host' && way.stages.at(-1) === 'beyond';
  if (isLeaving) return undefined;
  const hop = nextHop(scene, segment);
  const stack = scene.stacks[receiver.where];
  // A gateway that is somebody else is the wrong gateway, and its MAC address the right one.
  if (hop && stack && !linkHolding(stack, hop.address)) return undefined;
  // It came to the receiver with that one's own address: on the way somebody took it and passed it on.
  if (seen(scene, receiver.id, scene.place.direction).some((one) => one.destinationMac === link.mac))
    return undefined;
  for (const one of segment.hops) {
    const frame = seen(scene, one.id, scene.place.direction)[0];
    const mac = frame?.destinationMac;
    if (!mac || !isUnicast(mac) || mac === link.mac || mac === '00:00:00:00:00:00') continue;
    // On its way to who sends here: an interface that takes and gives shows it, and so does its cable.
    if (mac === linkNow(scene, segment.hops[0] as Hop)?.mac) continue;
    // Rewritten inside the bridge (br_netfilter), it has a receiver of its own there.
    if (scene.place.direction === 'request' && frame.destination !== scene.flow.address) continue;
    // An answer that a neighbour is to pass on is for that one first.
    if (scene.place.direction === 'reply' && hop && !hop.isGateway && frame.destination !== hop.address)
      continue;
    if (hop && isOfAnother(hop, mac)) continue;
    // A bridge takes what is for a port's own address too: br_add_if(), net/bridge/br_if.c.
    if (stack?.links.some((port) => port.mac === mac && port.master === link.name && link.kind === 'bridge'))
      continue;
    return { wrong: mac, right: link.mac, hop, seenAt: one.id };
  }
  return undefined;
}

/** A fixed entry for the router beyond the uplink, where nothing comes back, or where the router itself says otherwise. */
function beyond(scene: Scene): Stale | undefined {
  const way = travel(scene);
  if (scene.place?.stage !== 'beyond' || scene.place.direction !== 'request' || !way) return undefined;
  const segment = outgoing({ path: scene.path, place: { ...scene.place, index: way.hops.length - 1 } });
  const hop = nextHop(scene, segment);
  const entry = hop && entryOf(hop);
  if (!hop || !entry?.mac) return undefined;
  const said = answers(scene, hop.address)
    .map((one) => one.says?.split(' is at ')[1] ?? '')
    .find((mac) => mac !== '' && mac !== entry.mac);
  if (said) return { wrong: entry.mac, right: said, hop, seenAt: null };
  const helpless = scene.control?.asked === true && !scene.control.answered;
  const isFixed = entry.state.includes('PERMANENT') || entry.state.includes('NOARP');
  // Inside a tunnel an agent sets every entry so: there only a frame that was thrown away for its address tells.
  const at = hop.segment.hops[0];
  if (at && isTunnel(at.kind) && !confirmed(scene, OTHERHOST)) return undefined;
  return isFixed && (helpless || scene.control === null)
    ? { wrong: entry.mac, right: null, hop, seenAt: null }
    : undefined;
}

function forget(scene: Scene, hop: NextHop): Fix[] {
  const entry = entryOf(hop);
  if (!entry?.mac) return [];
  const netns = netnsOf(scene, hop.side);
  const words = [hop.address, 'dev', hop.dev];
  const nud = entry.state.includes('PERMANENT') ? 'permanent' : 'stale';
  return [
    {
      title: `Forget the neighbour entry of ${hop.address}`,
      risk: 'safe',
      lasts: 'until something sets it again',
      apply: [run([...ip(scene.flow.family), 'neigh', 'del', ...words], netns)],
      undo: [
        run([...ip(scene.flow.family), 'neigh', 'replace', ...words, 'lladdr', entry.mac, 'nud', nud], netns),
      ],
    },
  ];
}

export default cause({
  id: 'neighbour-stale',
  title: 'A neighbour entry names a MAC address nobody answers to',
  explain: `Whoever sends on a link looks up the receiver's MAC address in its neighbour table. Where that entry is old or was set
by hand, the frame goes to an address that nobody has: everybody who sees it throws it away, and nothing is reported.

A bridge that takes the MAC address of its lowest port changes it when containers come and go; a container that is made
again with the same IP has a new one; the far end of a tunnel changes it with its interface, while the agent's fixed entries
stay. \`ip neigh\` shows the entry; compare it with \`ip link\` of the receiver.`,
  needs: [],
  over: [
    'neighbour-unanswered',
    'no-reply-from-destination',
    'bridge-port-isolated',
    'masquerade-missing',
    'host-route-diverted',
  ],
  examine: (whole) =>
    fromAnyView(whole, (scene) => {
      if (scene.place === null || refuted(scene, new RegExp(`${BRIDGE.source}|${OTHERHOST.source}`)))
        return null;
      const stale =
        misaddressed(scene, incoming(scene)) ?? misaddressed(scene, outgoing(scene)) ?? beyond(scene);
      if (!stale) return null;
      const { wrong, right, hop, seenAt } = stale;
      // Without ARP an interface sends to its own address: that is another fault.
      if (hop && linkOf(hop)?.noarp) return null;
      const holder = hop ? sideName(hop.side) : 'the sender beyond this host';
      const about = hop ? ` for ${hop.address}` : '';
      return {
        sure: right === null ? 'supported' : 'proved',
        what: `${holder} sends to the MAC address ${wrong}${about}, ${right === null ? 'which is set by hand' : 'which is not the one in use'}`,
        why:
          right === null
            ? `The neighbour entry${about} is fixed to ${wrong}, and nothing that is sent there is answered, not even for the host itself.`
            : `The frames carry ${wrong}, and the interface they are meant for has ${right}: nobody takes them.`,
        do: 'Delete the entry, so that the address is asked for again.',
        fixes: hop ? forget(scene, hop) : [],
        evidence: hop
          ? [
              fromStateIn(
                netnsOf(scene, hop.side),
                `${hop.address} is at ${entryOf(hop)?.mac ?? wrong}`,
                [...ip(scene.flow.family), 'neigh', 'show', hop.address],
                seenAt,
              ),
            ]
          : [],
      };
    }),
});

const linkOf = (hop: NextHop) => linkNamed(hop.stack, hop.dev);
