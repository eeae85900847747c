import { unasked } from '../fixes/ask-neighbours.ts';
import { setSysctls } from '../fixes/sysctl.ts';
import { bridgeHolding, holder, usable } from '../kernel/attachment.ts';
import { isArpOff } from '../kernel/designed.ts';
import { BRIDGE, OTHERHOST, refuted } from '../kernel/drops.ts';
import { sourceOnUplink, within } from '../kernel/nat.ts';
import {
  answers,
  isAnswered,
  isUnresolved,
  type NextHop,
  nextHop,
  questions,
  reached,
} from '../kernel/next-hop.ts';
import { isChild } from '../kernel/parents.ts';
import { decide, ip, routeName } from '../kernel/routing.ts';
import { fromAnyView, incoming, netnsOf, outgoing, sideName } from '../kernel/travel.ts';
import { isUnasked } from '../kernel/unasked.ts';
import { cause } from '../model/cause.ts';
import type { Sysctls } from '../model/facts.ts';
import { type Fix, run } from '../model/fix.ts';
import { exitHop, isHostAddress, type Scene, seen } from '../model/scene.ts';
import { isPair, type Link, linkNamed } from '../model/stack.ts';
import { fromStateIn } from '../words/telling.ts';

/** What becomes of a frame that its sender addressed to itself: others pass it over, a bridge has nowhere to send it. */
const UNWANTED = new RegExp(`${OTHERHOST.source}|${BRIDGE.source}`);

interface Reason {
  readonly why: string;
  readonly do?: string;
  readonly fixes: readonly Fix[];
  readonly shows: readonly [string, ...string[]];
}

/** Why the owner, which lives on `dev` of `side`, keeps silent. */
function silence(
  scene: Scene & { sysctls: Sysctls },
  side: 'container' | 'host' | 'other',
  dev: string,
  asked: string,
  /** The link that has the address. */
  held: Link | undefined = undefined,
): Reason {
  const { family } = scene.flow;
  const values = scene.sysctls[side];
  const netns = netnsOf(scene, side);
  const stack = scene.stacks[side];
  const link = stack && linkNamed(stack, dev);
  if (link && isArpOff(link)) {
    return {
      why: `${dev} has ARP switched off, so it neither asks nor answers.`,
      shows: ['ip', 'link', 'show', 'dev', dev],
      fixes: [
        {
          title: `Switch ARP on for ${dev}`,
          risk: 'safe',
          lasts: netns ? 'until the container restarts' : 'until reboot',
          apply: [run(['ip', 'link', 'set', 'dev', dev, 'arp', 'on'], netns)],
          undo: [run(['ip', 'link', 'set', 'dev', dev, 'arp', 'off'], netns)],
        },
      ],
    };
  }
  const keys = ['all', dev].map((name) => `net.ipv4.conf.${name}.arp_ignore`);
  const ignoring = keys.filter((key) => Number(values[key] ?? 0) > 0);
  if (family === 4 && ignores(Math.max(...keys.map((key) => Number(values[key] ?? 0))), dev, held, asked)) {
    const isElsewhere = held !== undefined && held.name !== dev;
    const settings = ignoring.map((key) => ({ key, value: '0', before: values[key]! }));
    return {
      why: `${ignoring.map((key) => `${key} is ${values[key]}`).join(' and ')}: ${dev} does not answer for ${asked}${isElsewhere ? `, which is an address of ${held.name}` : ''}.`,
      ...(isElsewhere
        ? {
            do: `Put ${asked} on ${dev} in place of ${held.name}, or set arp_ignore to 0, if nobody here wants it: load balancers and kube-proxy (strictARP) set it on purpose.`,
          }
        : {}),
      shows: ['sysctl', ...keys],
      fixes: [
        setSysctls([settings[0]!, ...settings.slice(1)], netns, {
          title: isElsewhere
            ? `Let ${dev} answer ARP for addresses of other interfaces`
            : `Let ${dev} answer ARP`,
          ...(isElsewhere
            ? {
                risk: 'disruptive',
                affects: `who asks for an address that others have as well: a load balancer keeps its own on ${held.name} and must not answer for it`,
              }
            : { risk: 'safe' }),
        }),
      ],
    };
  }
  return {
    why: 'No setting that was looked at explains the silence.',
    shows: [...ip(family), 'addr', 'show', 'dev', dev],
    fixes: [],
  };
}

/** Does this level of arp_ignore keep `dev` from answering for an address of `held`? arp_ignore(), net/ipv4/arp.c. */
function ignores(level: number, dev: string, held: Link | undefined, asked: string): boolean {
  // 1: it must be an address of the interface that is asked. 3: none that is for the host itself alone.
  if (level === 1) return held === undefined || held.name !== dev;
  if (level === 3) return held?.addresses.find((own) => own.address === asked)?.scope === 'host';
  // 4 to 7 are reserved, and do nothing.
  return level === 2 || level === 8;
}

/** A proxy answers only for what it would forward by another interface: arp_process() and arp_fwd_proxy(), net/ipv4/arp.c. */
function withoutRoute(scene: Scene, hop: NextHop, dev: string): (Reason & { dev: string }) | undefined {
  const source = linkNamed(hop.stack, hop.dev)?.addresses.find(({ family }) => family === 4)?.address ?? null;
  const way = decide(scene.stacks.host, { family: 4, destination: hop.address, source, iif: dev });
  if (way.kind === 'route' && way.route.dev !== dev) return undefined;
  return {
    dev,
    why: `${dev} has proxy ARP on, which answers only for what the host would send on by another interface, and ${way.kind === 'route' ? `${routeName(way.route)} leads back by ${dev}` : `no route leads to ${hop.address}`}.`,
    do: 'Give the host a route that covers it by another interface: its default route, where that is gone.',
    shows: ['ip', 'route', 'get', hop.address],
    fixes: [],
  };
}

/** A container that is routed to by its own veth asks for a gateway that only proxy ARP answers for. */
function proxied(scene: Scene & { sysctls: Sysctls }, hop: NextHop): (Reason & { dev: string }) | undefined {
  const port = hop.segment.hops.at(-1);
  if (port?.where !== 'host' || !isPair(port) || isHostAddress(scene, hop.address)) return undefined;
  const own = linkNamed(hop.stack, hop.dev)?.addresses ?? [];
  const routed = scene.stacks.host.routes.some(
    ({ dev, type, destination }) =>
      dev === port.name && type === 'unicast' && own.some((one) => within(one.address, destination)),
  );
  if (!routed) return undefined;
  const key = `net.ipv4.conf.${port.name}.proxy_arp`;
  const all = scene.sysctls.host['net.ipv4.conf.all.proxy_arp'];
  const value = scene.sysctls.host[key];
  if (scene.flow.family !== 4 || port.link.master !== null) return undefined;
  if (value === '1' || all === '1') return withoutRoute(scene, hop, port.name);
  const delay = `net.ipv4.neigh.${port.name}.proxy_delay`;
  const delayed = scene.sysctls.host[delay];
  return {
    dev: port.name,
    why: `${port.name} leads to the container by a route of its own, and proxy ARP, which would answer for ${hop.address}, is off there.`,
    shows: ['sysctl', key],
    fixes: [
      setSysctls(
        [
          { key, value: '1', before: value ?? '0' },
          ...(delayed === undefined ? [] : [{ key: delay, value: '0', before: delayed }]),
        ],
        null,
        { title: `Answer ARP for ${hop.address} on ${port.name}`, risk: 'safe' },
      ),
    ],
  };
}

/** Somebody outside looks for an address that is led to a container, and that nobody answers for on the uplink. */
function strangerAsks(scene: Scene, hop: string, dev: string): ReturnType<typeof askedFromOutside> {
  const { address } = scene.flow;
  const asked = questions(scene, address).some((one) => one.hop === hop);
  const came = seen(scene, hop, 'request').length > 0;
  if (!asked || came || answers(scene, address).length > 0 || isHostAddress(scene, address)) return undefined;
  return { address, dev, asked };
}

/** The outside asks this link for an address that lives behind the host, which does not answer for it. */
function askedFromOutside(scene: Scene): { address: string; dev: string; asked: boolean } | undefined {
  const uplink = exitHop(scene);
  if (uplink && scene.flow.from === 'outside') return strangerAsks(scene, uplink.id, uplink.name);
  if (!uplink || uplink.link.noarp) return undefined;
  if (scene.symptom.kind !== 'silence' || scene.flow.from !== 'container') return undefined;
  // An address on the uplink's own wire answers for itself.
  if (!scene.path.stages.includes('forward')) return undefined;
  const source = seen(scene, uplink.id, 'request')[0]?.source;
  if (!source || isHostAddress(scene, source)) return undefined;
  // What a rule has put there belongs to nobody behind this host.
  if (sourceOnUplink(scene)?.rewritten) return undefined;
  if (!usable(uplink.link, scene.flow.family).some((own) => within(source, `${own.address}/${own.prefix}`)))
    return undefined;
  const proxy = scene.stacks.host.neighbours.some((one) => one.proxy && one.address === source);
  if (proxy) return undefined;
  return {
    address: source,
    dev: uplink.name,
    asked: questions(scene, source).some((one) => one.hop === uplink.id),
  };
}

/** A sender without ARP puts its own MAC address into the frames, which nobody takes. */
function withoutArp(scene: Scene): NextHop | undefined {
  const hop = nextHop(scene, incoming(scene) ?? outgoing(scene));
  const link = hop && linkNamed(hop.stack, hop.dev);
  if (!hop || !link || !isArpOff(link) || !scene.place) return undefined;
  const frame = seen(scene, hop.segment.hops[0]!.id, scene.place.direction)[0];
  return frame?.destinationMac === link.mac ? hop : undefined;
}

export default cause({
  id: 'neighbour-unanswered',
  title: 'Nobody answers for the next hop, although its owner is there',
  explain: `Before a packet can leave, its sender asks the link for the MAC address of the next hop, by ARP or neighbour
discovery. The owner of that address is there, gets the question, and does not answer: arp_ignore, ARP switched off, proxy
ARP or NDP proxying missing where the address lives behind a router. Or nobody is asked: mcast_solicit is 0.

The question repeats once a second on every hop up to its owner, and \`ip neigh\` of the sender shows FAILED or
INCOMPLETE. \`sysctl net.ipv4.conf.all.arp_ignore\` and the same of the interface show the settings: the larger counts.`,
  needs: ['sysctls'],
  over: ['no-reply-from-destination', 'no-return-route', 'masquerade-missing', 'neighbour-absent'],
  examine: (whole) =>
    fromAnyView(whole, (scene) => {
      if (scene.place === null) return null;
      const mute = withoutArp(scene);
      if (refuted(scene, mute ? UNWANTED : OTHERHOST)) return null;
      const outside = askedFromOutside(scene);
      if (outside) {
        const { address, dev, asked } = outside;
        const { family } = scene.flow;
        const key = family === 6 ? `net.ipv6.conf.${dev}.proxy_ndp` : `net.ipv4.conf.${dev}.proxy_arp`;
        const before = scene.sysctls.host[key] ?? '0';
        const entry = ['neigh', 'add', 'proxy', address, 'dev', dev];
        return {
          sure: asked ? 'proved' : 'supported',
          what: `nobody answers on ${dev} for ${address}`,
          why:
            scene.flow.from === 'outside'
              ? `A neighbour on ${dev} asks for ${address}, which is led to the container, and nobody answers for it there: no packet ever comes.`
              : `The request left with the source ${address}, which the other side takes for a neighbour on ${dev}${asked ? ' and asks for there' : ''}; the address lives behind this host, which does not answer for it.`,
          do: `Let this host answer for ${address} on ${dev}, or route or masquerade the address.`,
          fixes: [
            {
              title: `Answer for ${address} on ${dev}`,
              risk: 'safe',
              lasts: 'until reboot',
              apply: [
                ...(family === 6 ? [run(['sysctl', '-w', `${key}=1`])] : []),
                run([...ip(family), ...entry]),
              ],
              undo: [
                run([...ip(family), 'neigh', 'del', 'proxy', address, 'dev', dev]),
                ...(family === 6 ? [run(['sysctl', '-w', `${key}=${before}`])] : []),
              ],
            },
          ],
          evidence: [fromStateIn(null, `${key} = ${before}`, ['sysctl', key], `host/${dev}`)],
        };
      }
      const hop = mute ?? nextHop(scene, outgoing(scene));
      if (!hop) return null;
      if (!mute && isUnasked(scene, hop)) return unasked(scene, hop);
      const sending = linkNamed(hop.stack, hop.dev);
      const isMute = sending !== undefined && isArpOff(sending);
      if (!isMute && (!isUnresolved(scene, hop) || isAnswered(scene, hop))) return null;
      const owner = holder(scene, hop.address);
      const reason = isMute
        ? { ...silence(scene, hop.side, hop.dev, hop.address), dev: hop.dev }
        : owner
          ? {
              ...silence(scene, owner.side, receiving(scene, hop, owner), hop.address, owner.link),
              dev: owner.link.name,
            }
          : proxied(scene, hop);
      if (!reason) return null;
      const last = hop.segment.hops.at(-1);
      const arrived = last !== undefined && reached(scene, hop).includes(last.id);
      if (owner && !arrived && !isMute && reason.fixes.length === 0) return null;
      const ownerSide = isMute ? hop.side : (owner?.side ?? 'host');
      return {
        sure: arrived ? 'proved' : 'supported',
        what: isMute
          ? `${sideName(hop.side)} does not look for the MAC address of ${hop.address}: ARP is off on ${hop.dev}`
          : `${sideName(hop.side)} gets no answer to ${scene.flow.family === 6 ? 'neighbour discovery' : 'ARP'} for ${hop.address}`,
        why: isMute
          ? `${reason.why} Its frames carry no MAC address that ${hop.address} would take for its own.`
          : `${sideName(hop.side)} asks for ${hop.address} on ${hop.dev}${arrived ? `, the question reaches ${last.name}` : ''}, and nobody answers. ${reason.why}`,
        do: isMute
          ? 'Switch ARP on.'
          : (reason.do ??
            (reason.fixes.length > 0
              ? 'Let its owner answer.'
              : 'Look at what filters or silences its owner.')),
        fixes: reason.fixes,
        evidence: [fromStateIn(netnsOf(scene, ownerSide), reason.why, reason.shows)],
      };
    }),
});

/** The interface of the owner that gets the question: on the host the bridge, whatever holds the address. */
function receiving(scene: Scene, hop: NextHop, owner: NonNullable<ReturnType<typeof holder>>): string {
  const last = hop.segment.hops.at(-1);
  // A child of it has a MAC address and settings of its own.
  if (isChild(owner.link)) return owner.link.name;
  if (last?.where === owner.side) return last.name;
  const stack = scene.stacks[owner.side];
  return (stack && bridgeHolding(stack, hop.address)?.name) ?? owner.link.name;
}
