/** What leads from one namespace to another: peers of veths, and parents of links that were moved into another. */

import type { BriefLink, Machine } from '../../host/machine.ts';
import type { MapLink } from '../../model/map.ts';
import { isPair, peerIndex } from '../../model/stack.ts';
import type { Household } from './links.ts';

type Joint = Pick<MapLink, 'peer'> | Pick<MapLink, 'over'>;

interface Place {
  readonly household: Household;
  readonly link: BriefLink;
}

export function joined(
  machine: Machine,
  households: readonly Household[],
  links: readonly MapLink[],
): MapLink[] {
  const ids = new Map(links.map((link) => [`${link.namespace} ${link.ifindex}`, link.id]));
  const idOf = ({ household, link }: Place): string =>
    ids.get(`${household.resident.shown.id} ${link.ifindex}`)!;
  const joints = new Map<string, Joint>();
  // Every container has an interface of the same index, and only one of them that has this peer.
  const places = new Map<string, Place[]>();
  const add = (key: string, place: Place): void => {
    const known = places.get(key);
    if (known) known.push(place);
    else places.set(key, [place]);
  };
  for (const household of households)
    for (const link of household.links) {
      add(`${link.ifindex}`, { household, link });
      if (isPair(link)) add(`${link.ifindex} ${peerIndex(link)}`, { household, link });
    }
  const farOf = (near: Place): Place | undefined =>
    places.get(farKey(near.link))?.find((far) => leadsTo(machine, near, far));

  for (const household of households)
    for (const link of household.links) {
      const near = { household, link };
      if (joints.has(idOf(near)) || !leadsAway(link)) continue;
      const far = farOf(near);
      if (!far) continue;
      joints.set(idOf(near), isPair(link) ? { peer: idOf(far) } : { over: idOf(far) });
      if (isPair(link)) joints.set(idOf(far), { peer: idOf(near) });
    }
  return links.map((link) => ({ ...link, ...joints.get(link.id) }));
}

/** Both ends of a veth can be in one namespace; of everything else only what leads out of it is joined here. */
const leadsAway = (link: BriefLink): boolean =>
  link.up !== null && (link.nsid !== null || (isPair(link) && link.link !== null));

/** Its own index and that of its peer, by which the far end is found; of what is no pair, the parent's alone. */
const farKey = (link: BriefLink): string =>
  isPair(link) ? `${peerIndex(link)} ${link.ifindex}` : `${link.link ?? -1}`;

/** Equal indexes are no proof: the id under which one namespace knows the other is. */
function leadsTo(machine: Machine, near: Place, far: Place): boolean {
  const [here, there] = [near.household.resident, far.household.resident];
  if (isPair(near.link) && (!isPair(far.link) || far.link === near.link)) return false;
  if (near.link.nsid === null) return here === there;
  const id = machine.nsid(there.netns, here.netns);
  return id.known && id.value === near.link.nsid;
}
