/**
 * A SYN that was lost is sent again a second later (RFC 6298, tcp(7)), and the answer to that one is none to the first. Where
 * the kernel tells that it threw the first one away here, the probe was lost, and what came later is no part of it.
 */
import { isConsequence } from '../../kernel/drops.ts';
import type { Drop } from '../../model/evidence.ts';
import type { Path } from '../../model/path.ts';
import type { ProbeOutcome, Sighting } from '../../model/sighting.ts';

/** The same packet sent again comes later than that: TCP_RTO_MIN. Microseconds. */
export const SAME_PACKET = 190_000;

export interface SentAgain {
  readonly probe: number;
  /** What came later than this belongs to the packet that was sent again. Microseconds since the first probe left. */
  readonly until: number;
}

interface Told {
  readonly path: Pick<Path, 'hops'>;
  readonly outcomes: Iterable<ProbeOutcome>;
  readonly sightings: readonly Sighting[];
  readonly drops: readonly Drop[];
}

/** The probes that were answered, but for their first packet. */
export function sentAgain({ path, outcomes, sightings, drops }: Told): SentAgain[] {
  const indexOf = (hop: string | null): number => path.hops.findIndex(({ id }) => id === hop);
  return [...outcomes]
    .filter(({ result }) => result === 'answered')
    .flatMap(({ probe }) => {
      const drop = drops.find(
        (one) =>
          one.probe === probe && one.direction === 'request' && indexOf(one.hop) >= 0 && !isConsequence(one),
      );
      if (!drop) return [];
      const until = drop.at + SAME_PACKET;
      // A copy that a bridge flooded is thrown away too: the packet itself is then seen behind that place at once.
      const behind = sightings.filter(
        ({ probe: its, kind, hop }) =>
          its === probe && (kind === 'reply' || (kind === 'request' && indexOf(hop) > indexOf(drop.hop))),
      );
      return behind.length > 0 && behind.every(({ at }) => at > until) ? [{ probe, until }] : [];
    });
}
