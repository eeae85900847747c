/** Filters and queues of traffic control that stand where packets stop. */
import type { TrafficControl } from './facts.ts';
import { netnsOf } from './listening.ts';
import type { Netns } from './netns.ts';
import type { Hop } from './path.ts';
import { hopAt, type Scene } from './scene.ts';

type Seen = Scene & { readonly traffic: readonly TrafficControl[] };

/**
 * What acts between the two sides of the place. A capture still shows what ingress drops, so ingress belongs to the
 * last hop that saw it; it never shows what egress drops, so egress belongs to the first that did not.
 */
export function atPlace(scene: Seen): TrafficControl[] {
  const { place } = scene;
  if (place === null) return [];
  return scene.traffic.filter(
    (one) =>
      (one.direction === 'ingress' && one.hop === place.after?.id) ||
      (one.direction === 'egress' && one.hop === place.before?.id) ||
      // The answer never arrived from beyond: the uplink's own way in is not seen to end anything else.
      (place.before === null &&
        place.stage === 'beyond' &&
        one.hop === place.after?.id &&
        one.direction === 'egress'),
  );
}

export const hopOf = (scene: Scene, one: TrafficControl): Hop | undefined => hopAt(scene, one.hop);

export const namespaceOf = (scene: Scene, hop: Hop | undefined): Netns | null =>
  hop ? netnsOf(scene, hop.where) : null;

/** A number that follows a word in tc's text. */
export const after = (text: string, word: string): string | null =>
  new RegExp(`(?:^|\\s)${word}\\s+(\\S+)`).exec(text)?.[1] ?? null;
