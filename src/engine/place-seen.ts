/** What half of the evidence may not say: was the place seen by anybody, could the answer have been? */
import type { Claim } from '../model/cause.ts';
import { isTunnel } from '../model/path.ts';
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

/**
 * Nobody is called silent where the answer may have come by an interface that nobody could watch: one beside the path, or
 * the path's own last one. Nor behind a tunnel, where only the kernel's trace tells what becomes of the outer packets.
 */
export function isUnwatched({ symptom, place, path, unwatched, captured, drops }: Scene): boolean {
  const isSilent = symptom.kind === 'silence';
  const last = path.hops.at(-1);
  const isBlind = last?.link.up === true && !captured.has(last.id);
  if (isSilent && path.ending === 'outside' && unwatched.some(({ where }) => where === 'host')) return true;
  if (isSilent && last && isTunnel(last.kind) && !drops.known) return true;
  return isBlind && (isSilent || (symptom.kind === 'lost' && place?.stage === 'deliver'));
}
