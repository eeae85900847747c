/** Was the place seen by anybody, or is it only where nothing could be seen? */
import type { Claim } from '../model/cause.ts';
import type { Scene } from '../model/scene.ts';
import type { RunResult } from './run/plan.ts';

type Witnesses = Pick<RunResult, 'captured' | 'steps' | 'drops'>;

/**
 * A packet that no witness shows on any hop ended somewhere: the place is then a guess from the first hop on. A capture
 * at either side of it, the kernel's step or drop there, or an error that the socket heard, is a witness.
 */
export function isPlaceSeen({ place, symptom }: Scene, { captured, steps, drops }: Witnesses): boolean {
  if (place === null || !/^(lost|silence|undelivered)$/.test(symptom.kind)) return true;
  const sides = [place.after, place.before].flatMap((hop) => hop ?? []);
  if (sides.length === 0 || sides.some((hop) => captured.has(hop.id) || !hop.link.up)) return true;
  const told = [...steps, ...(drops.known ? drops.value : [])];
  return told.some(({ hop }) => sides.some((side) => side.id === hop));
}

/** Of a place that nobody saw, only what the state proves by itself may be told. */
export const mayBeTold = (claim: Pick<Claim, 'sure'>, isSeen: boolean): boolean =>
  isSeen || claim.sure === 'proved';
