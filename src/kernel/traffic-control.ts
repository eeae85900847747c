/** Filters and queues of traffic control that stand where packets stop. */

import type { TrafficControl } from '../model/facts.ts';
import type { Netns } from '../model/netns.ts';
import type { Hop } from '../model/path.ts';
import { hopAt, type Scene, seen } from '../model/scene.ts';
import { netnsOf } from './travel.ts';

type Seen = Scene & { readonly traffic: readonly TrafficControl[] };

/**
 * What acts between the two sides of the place. A capture still shows what ingress drops, so ingress belongs to the
 * last hop that saw it; it never shows what egress drops, so egress belongs to the first that did not.
 */
export function atPlace(scene: Seen): TrafficControl[] {
  const { place } = scene;
  if (place === null) return [];
  const { after, before, direction, beside } = place;
  // Beside the path it was seen to come in, and so not past what stands behind that.
  if (beside?.heading === 'in')
    return scene.traffic.filter((one) => one.direction === 'ingress' && one.hop === beside.hop);
  // Where the kernel names the device, the place lies behind it, although its capture saw nothing.
  const unseen =
    after !== null && scene.captured.has(after.id) && seen(scene, after.id, direction).length === 0;
  return scene.traffic.filter(
    (one) =>
      (one.direction === 'ingress' && one.hop === after?.id) ||
      (one.direction === 'egress' && (one.hop === before?.id || (unseen && one.hop === after.id))),
  );
}

export const hopOf = (scene: Scene, one: TrafficControl): Hop | undefined => hopAt(scene, one.hop);

/** The device that it hangs on, on the path or beside it. */
export const deviceOf = (scene: Scene, one: TrafficControl): string =>
  hopOf(scene, one)?.name ?? one.hop.slice(one.hop.indexOf('/') + 1);

export function namespaceOf(scene: Scene, one: TrafficControl): Netns | null {
  const { beside } = scene.place ?? {};
  const where = hopOf(scene, one)?.where ?? (beside?.hop === one.hop ? beside.where : undefined);
  return where ? netnsOf(scene, where) : null;
}

/** A number that follows a word in tc's text. */
export const after = (text: string, word: string): string | null =>
  new RegExp(`(?:^|\\s)${word}\\s+(\\S+)`).exec(text)?.[1] ?? null;
