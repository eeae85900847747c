/** What half of the evidence may not say: was the place seen by anybody, could the answer have been? */
import { isHalfTold } from '../kernel/drops.ts';
import { leftInside } from '../kernel/outer-seen.ts';
import type { Claim } from '../model/cause.ts';
import { isTunnel } from '../model/path.ts';
import type { Scene } from '../model/scene.ts';
import type { RunResult } from './run/plan.ts';

type Witnesses = Pick<RunResult, 'captured' | 'steps' | 'drops'>;

/**
 * Nobody saw where a packet ended that the next hop could not have shown: the kernel's steps tell how far it came, and
 * not that it went no further. A capture behind the place (before it, where nothing is behind), a link that is down, the
 * kernel's own drop there, or an error that the socket heard, is a witness.
 */
export function isPlaceSeen({ place, symptom }: Scene, { captured, steps, drops }: Witnesses): boolean {
  if (place === null || !/^(lost|silence|undelivered)$/.test(symptom.kind)) return true;
  const { after, before } = place;
  const sides = [after, before].flatMap((hop) => hop ?? []);
  if (drops.known && drops.value.some(({ hop }) => sides.some((side) => side.id === hop))) return true;
  const behind = before ?? after;
  if (!behind || captured.has(behind.id) || !behind.link.up) return true;
  return before === null && steps.some(({ hop }) => hop === behind.id);
}

/** Of a place that nobody saw, only what the state proves by itself may be told. */
export const mayBeTold = (claim: Pick<Claim, 'sure'>, isSeen: boolean): boolean =>
  isSeen || claim.sure === 'proved';

/**
 * Nobody is called silent where the answer may have come by an interface that nobody could watch: one beside the path, or
 * the path's own last one. Nor where the way goes on in a namespace that nobody could look into, nor behind a tunnel whose
 * outer packets nobody saw leave, where only the kernel's trace tells what becomes of them.
 */
export function isUnwatched(scene: Scene, partlyBlind: RunResult['partlyBlind']): boolean {
  const { symptom, place, path, unwatched, captured, drops } = scene;
  const isSilent = symptom.kind === 'silence';
  const last = path.hops.at(-1);
  const isBlind = last?.link.up === true && !captured.has(last.id);
  if (isSilent && path.ending === 'outside' && unwatched.some(({ where }) => where === 'host')) return true;
  if (isSilent && path.gaps.some(({ kind }) => kind === 'no-peer')) return true;
  const isTold = drops.known && !drops.value.some(isHalfTold);
  if (isSilent && last && isTunnel(last.kind) && !isTold && !leftInside(scene)) return true;
  // Whose rules nobody could trace may have ended what was delivered there.
  const isDelivered = symptom.kind === 'lost' && place?.stage === 'deliver';
  if (isDelivered && partlyBlind.some(({ side }) => side === place.after?.where)) return true;
  return isBlind && (isSilent || isDelivered);
}
