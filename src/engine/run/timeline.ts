/**
 * One timeline. The kernel stamps frames and drops; what its trace tells of rules carries the moment of reading, which is
 * later: how late depends on how busy the machine is. No rule is told after what it led to.
 */
import type { Drop } from '../../model/evidence.ts';
import type { RuleHit } from '../../model/facts.ts';
import type { Path } from '../../model/path.ts';
import type { Sighting } from '../../model/sighting.ts';
import { SAME_PACKET } from './sent-again.ts';

export interface Seen {
  readonly path: Pick<Path, 'hops'>;
  readonly sightings: readonly Sighting[];
  readonly drops: readonly Drop[];
}

/** A trace may tell whole microseconds, cut short. */
const CUT = 1;

/** The hits, each no later than the first thing that came of it. */
export function hitsInTime(hits: readonly RuleHit[], seen: Seen): RuleHit[] {
  const moved = hits.map((hit) => ({
    ...hit,
    at: hit.by === 'trace' ? Math.min(hit.at, ...effects(hit, seen)) : counted(hit, seen),
  }));
  // A chain is met in order: none is later than the next that the same packet met.
  for (let at = moved.length - 2; at >= 0; at--) {
    const [one, next] = [moved[at]!, moved[at + 1]!];
    if (one.by === 'trace' && one.probe === next.probe && one.direction === next.direction)
      moved[at] = { ...one, at: Math.min(one.at, next.at) };
  }
  return moved;
}

/** The drops, none of them before the frame that is known to be the same packet, seen earlier on its way. */
export const dropsInTime = (drops: readonly Drop[], sightings: readonly Sighting[]): Drop[] =>
  drops.map((drop) => ({
    ...drop,
    at: Math.max(
      drop.at,
      ...sightings
        .filter((one) => one.probe === drop.probe && one.kind === (drop.direction ?? 'request'))
        .map(({ at }) => at)
        .filter((at) => at < drop.at + CUT),
    ),
  }));

/** Moments of what this packet did behind the rule: seen on a later hop, or thrown away. */
function effects(
  { at, probe, direction, side, packet }: RuleHit,
  { path, sightings, drops }: Seen,
): number[] {
  const way = direction === 'request' ? path.hops : path.hops.toReversed();
  const indexOf = (ifindex: number | null | undefined): number =>
    way.findIndex(({ where, link }) => where === side && link.ifindex === ifindex);
  const [entered, left] = [indexOf(packet?.ingress), indexOf(packet?.egress)];
  const next = entered >= 0 ? entered + 1 : left >= 0 ? left : way.length;
  const behind = new Set(way.slice(next).map(({ id }) => id));
  const moments = [
    ...sightings.filter((one) => one.probe === probe && one.kind === direction && behind.has(one.hop)),
    ...drops.filter((one) => one.probe === probe && (one.direction ?? 'request') === direction),
  ].map((one) => one.at);
  return moments.filter((moment) => moment > at - SAME_PACKET);
}

/** Counters tell no moment: it was before the packet was thrown away, else it is told after what was seen of it. */
function counted({ direction }: RuleHit, { sightings, drops }: Seen): number {
  const ended = drops.filter((one) => (one.direction ?? 'request') === direction).map(({ at }) => at);
  if (ended.length > 0) return Math.min(...ended);
  return Math.max(0, ...sightings.filter(({ kind }) => kind === direction).map(({ at }) => at));
}
