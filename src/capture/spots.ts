/** The interfaces at which a target's packets can be seen on this host: the hops of every way that leads out of it. */
import { describeLink } from '../discover/path/describe.ts';
import { peerIn } from '../discover/path/peer.ts';
import { discoverPath, type Stacks } from '../discover/path.ts';
import type { Machine } from '../host/machine.ts';
import { isChild } from '../kernel/parents.ts';
import { familyOf } from '../model/ends.ts';
import { wrongCall } from '../model/failure.ts';
import type { Flow } from '../model/flow.ts';
import { type Hop, isTunnel } from '../model/path.ts';
import { type Address, isPair, type Link, linkNamed, type Stack } from '../model/stack.ts';
import type { Target } from '../model/target.ts';
import { nearest } from '../words/nearest.ts';
import { list, plain } from '../words/text.ts';
import { neighbourOf } from './neighbour.ts';
import type { Spot } from './spot.ts';

/** Anybody far away, by whom the ways out are asked for; nothing is sent. */
const FAR = { 4: '1.1.1.1', 6: '2606:4700:4700::1111' } as const;

/** In the order from the target outwards, each once. */
export async function spotsOf(
  machine: Machine,
  target: Target,
  stacks: Omit<Stacks, 'other'>,
): Promise<readonly Spot[]> {
  const found = new Map<string, Spot>();
  for (const address of destinations(stacks.container.links)) {
    const { path } = await discoverPath(machine, { target, source: null }, flowTo(address), stacks);
    for (const hop of path.hops) {
      const spot = spotOf(hop, target, path.hops[0]?.link);
      // Another container that was met on the way is no hop of this one's.
      if (hop.link.kind === 'loopback' || (hop.where === 'other' && isPair(hop) && !hop.link.master))
        continue;
      if (!found.has(spot.id)) found.set(spot.id, spot);
    }
  }
  for (const spot of withoutAddress(machine, target, stacks))
    if (!found.has(spot.id)) found.set(spot.id, spot);
  return [...found.values()].toSorted((a, b) => rank(a) - rank(b));
}

/** An interface that no way leads over, as one that waits for an address: itself, and what carries it. */
function withoutAddress(
  machine: Machine,
  target: Target,
  { container, host }: Omit<Stacks, 'other'>,
): Spot[] {
  if (target.hostNetwork) return [];
  return container.links
    .filter(({ kind, up }) => kind !== 'loopback' && up)
    .flatMap((link) => {
      const own = spotOf(hopOf(link, container, 'container'), target, link);
      const peer = peerIn(machine, link, container.netns, host);
      if (peer.found !== 'one') return [own];
      const carriers = [peer.link, linkNamed(host, peer.link.master)].filter((one) => one !== undefined);
      return [own, ...carriers.map((one) => spotOf(hopOf(one, host, 'host'), target, link))];
    });
}

const hopOf = (link: Link, stack: Stack, where: 'container' | 'host'): Hop => ({
  id: `${where}/${link.name}`,
  name: link.name,
  where,
  netns: stack.netns,
  link,
  ...describeLink(link, stack),
});

/** Far away by either family that it has an address of, and somebody on each of its links. */
function destinations(links: readonly Link[]): string[] {
  const own = links
    .filter(({ kind, up }) => kind !== 'loopback' && up)
    .flatMap(({ addresses }) => addresses)
    .filter(({ scope }) => scope === 'global');
  const families = new Set(own.map(({ family }) => family));
  return [...[...families].map((family) => FAR[family]), ...own.flatMap(onItsLink)];
}

const onItsLink = ({ address, prefix, peer }: Address): string[] => {
  const other = peer ?? neighbourOf(address, prefix);
  return other === null ? [] : [other];
};

const flowTo = (address: string): Flow => ({
  from: 'container',
  to: address,
  address,
  proto: 'icmp',
  port: null,
  family: familyOf(address),
});

/** Its own interfaces first, then what carries them, then what leads out. */
const rank = ({ where, kind, passes }: Spot): number =>
  where === 'container' ? 0 : passes === 'own' ? 1 : kind === 'bridge' ? 2 : passes === 'addresses' ? 3 : 4;

/** `first`: the link by which the target sends. Its label is safe to show. */
export function spotOf(
  { id, name, where, kind, netns, link, about }: Hop,
  target: Target,
  first: Link | undefined,
): Spot {
  const label = plain(name);
  return {
    id,
    name,
    label: where === 'container' && !target.hostNetwork ? `${label}@${plain(target.name)}` : label,
    where,
    kind,
    netns,
    ifindex: link.ifindex,
    master: link.master,
    about: plain(`${kind}${about === '' ? '' : `, ${about}`}`),
    addresses: link.addresses.map(({ address, prefix }) => `${address}/${prefix}`),
    mac: link.mac,
    passes: passesAt({ where, kind, link }, target, first),
  };
}

function passesAt(
  { where, kind, link }: Pick<Hop, 'where' | 'kind' | 'link'>,
  { hostNetwork }: Target,
  first: Link | undefined,
): Spot['passes'] {
  if (where === 'container' || hostNetwork) return 'own';
  if (isPair(link) && kind !== 'uplink') return 'own';
  // What a child of the uplink sends is not translated: the host does not route it.
  if (first && isChild(first)) return 'addresses';
  return kind === 'uplink' || (where === 'host' && isTunnel(kind)) ? 'translated' : 'addresses';
}

/**
 * Those that were named, by id, label or name, and behind them what tells whose their packets are.
 * @throws Failure (exit 2) for a name that none has
 */
export function chosen(spots: readonly Spot[], names: readonly string[]): readonly Spot[] {
  if (names.length === 0) return spots;
  const known = (name: string) => spots.filter((spot) => [spot.id, spot.label, spot.name].includes(name));
  const wrong = names.find((name) => known(name).length === 0);
  if (wrong !== undefined) {
    const all = spots.map(({ label }) => label);
    const meant = nearest(wrong, all);
    throw wrongCall(
      'unknown-hop',
      `No hop is called "${plain(wrong)}".`,
      meant ? `Did you mean ${meant}?` : `There are ${list(all)}.`,
    );
  }
  const wanted = new Set(names.flatMap(known));
  const shown = spots.filter((spot) => wanted.has(spot));
  // Behind NAT nothing tells whose a packet is, but that it was seen at the target's own interface.
  const unseen = shown.some(({ passes }) => passes === 'translated')
    ? spots.filter((spot) => spot.where === 'container' && !wanted.has(spot))
    : [];
  return [...shown, ...unseen.map((spot): Spot => ({ ...spot, hidden: true }))];
}
