/**
 * What drops a packet on a link drops the search for its next hop too, where nobody knows the MAC address yet: the packet
 * then waits in its sender, and it is the ARP or ND question, or its answer, that shows where the link loses frames.
 */
import { notKnown } from '../model/answer.ts';
import { type Place, placeAt } from '../model/place.ts';
import { changed, type Scene } from '../model/scene.ts';
import type { Sighting } from '../model/sighting.ts';
import { answers, isUnresolved, nextHop, questions } from './next-hop.ts';
import { outgoing } from './travel.ts';

/** Where the open search for the next hop ends; undefined where none is open. */
export function searchPlace(scene: Scene): Place | undefined {
  const segment = outgoing(scene);
  const hop = nextHop(scene, segment);
  if (!segment || !hop || !scene.place || !isUnresolved(scene, hop)) return undefined;
  const { path, place } = scene;
  const forth = place.direction;
  const back = forth === 'request' ? 'reply' : 'request';
  const isOn = (found: readonly Sighting[], at: number): boolean =>
    found.some((one) => one.hop === segment.hops[at]?.id);
  /** The stage before the hop `at` of the segment, in the order of the path. */
  const stage = (at: number): number =>
    forth === 'request' ? segment.from + at : path.stages.length - 1 - segment.from - at;
  const order = [...segment.hops.keys()];
  const answered = answers(scene, hop.address);
  const nearest = order.find((at) => isOn(answered, at));
  if (nearest !== undefined) return placeAt(path, stage(nearest), back);
  const asked = questions(scene, hop.address);
  const furthest = order.findLast((at) => isOn(asked, at)) ?? -1;
  return placeAt(path, stage(furthest + 1), forth);
}

/** The scene with the place of that search; the kernel's word about drops is about the probe's own frames alone. */
function atSearch<S extends Scene>(scene: S): S | undefined {
  const place = searchPlace(scene);
  if (!place) return undefined;
  return changed(scene, { place, drops: notKnown('not-asked', 'drops of ARP are not traced', []) });
}

/** A claim about the packet, else about the search that it waits for. */
export function orAtSearch<S extends Scene, T>(
  whole: S,
  look: (scene: S, isSearch: boolean) => T | null,
): T | null {
  const found = look(whole, false);
  if (found !== null) return found;
  const search = atSearch(whole);
  return search ? look(search, true) : null;
}
