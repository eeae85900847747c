/**
 * A queue that changes what leaves (netem's `corrupt`, a bit of each packet, tc-netem(8)). Unlike what a queue drops, that
 * is seen on the queue's own interface, and whoever gets it throws it away for its checksum or its address.
 */
import type { TrafficControl } from '../model/facts.ts';
import { type Scene, seen } from '../model/scene.ts';

type Seen = Scene & { readonly traffic: readonly TrafficControl[] };

/** The share of packets that it changes, from 0 to 1. */
export const corruptedShare = ({ kind, text }: Pick<TrafficControl, 'kind' | 'text'>): number =>
  kind === 'qdisc' ? Number(/\bcorrupt (\d+(?:\.\d+)?)%/.exec(text)?.[1] ?? 0) / 100 : 0;

/** Two standard deviations: so many are lost by chance in 39 of 40 cases. */
const CHANCE = 2;

/** Can one that loses such a share of single packets have lost so many of the probes, each of which was tried so often? */
export function accountsFor(share: number, lost: number, sent: number, triesEach: number): boolean {
  const probability = share ** triesEach;
  const expected = sent * probability;
  return lost <= expected + CHANCE * Math.sqrt(expected * (1 - probability));
}

/** The queue of the interface behind which nobody saw the packets, where it can account for all that were lost. */
export function corrupterOf(scene: Seen): TrafficControl | undefined {
  const { place, outcomes } = scene;
  const device = place?.after;
  if (!place || !device || place.beside) return undefined;
  const sent = Math.max(1, outcomes.length);
  const lost = Math.max(1, outcomes.filter(({ result }) => result !== 'answered').length);
  const tries = Math.max(1, seen(scene, device.id, place.direction).length / lost);
  return scene.traffic.find(
    (one) =>
      one.direction === 'egress' &&
      one.hop === device.id &&
      accountsFor(corruptedShare(one), lost, sent, tries),
  );
}
