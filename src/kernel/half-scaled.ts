/**
 * The window scale option counts where both SYNs carry it (RFC 7323, 2.2): a SYN-ACK that loses it on its way leaves the far end
 * scaling, and the asker not, so that each takes the other's windows for another size.
 */
import type { Hop, Path } from '../model/path.ts';
import type { Sighting } from '../model/sighting.ts';

/** TCP option kind numbers, IANA. */
const WINDOW_SCALE = 3;

export interface HalfScaled {
  /** The hop that showed the SYN-ACK with the option, and the next one, which showed it without. */
  readonly after: Hop;
  readonly before: Hop;
  /** The SYN-ACK as it was last seen whole. */
  readonly whole: Sighting;
}

/** Null where both got what was sent, where the far end was asked for none, and where nobody could see it. */
export function halfScaled({
  path,
  sightings,
}: {
  readonly path: Pick<Path, 'hops'>;
  readonly sightings: readonly Sighting[];
}): HalfScaled | null {
  const scales = (hop: Hop, kind: Sighting['kind'], probe: number): boolean | undefined => {
    const syn = sightings.find(
      (one) => one.hop === hop.id && one.kind === kind && one.probe === probe && one.header?.syn,
    )?.header?.syn;
    return syn ? syn.options[WINDOW_SCALE] !== undefined : undefined;
  };
  for (const whole of sightings.filter(({ kind, header }) => kind === 'reply' && header?.syn)) {
    const { probe } = whole;
    // As the asker sees them: the far end is the last.
    const seen = path.hops.filter((hop) => scales(hop, 'reply', probe) !== undefined);
    const bare = seen.findLastIndex((hop) => scales(hop, 'reply', probe) === false);
    const [before, after] = [seen[bare], seen[bare + 1]];
    const asked = path.hops.findLast((hop) => scales(hop, 'request', probe) !== undefined);
    if (!before || !after || whole.hop !== after.id || !asked || !scales(asked, 'request', probe)) continue;
    return { after, before, whole };
  }
  return null;
}
