/** Troubles as JSON: a line each, and all of them counted in one document, netdoctor/passive/1. */
import { moment } from '../../capture/document.ts';
import type { Spot } from '../../capture/spot.ts';
import type { PassiveEnded } from './question.ts';
import { type Kind, type Reach, TROUBLES, type Trouble } from './trouble.ts';

const reachOf = ({ after, through, dropped }: Reach, spots: readonly Spot[]) => ({
  after: spots[after]!.id,
  through,
  dropped,
});

export const troubleOf = (
  { kind, at, ends, reach, answer, says, program }: Trouble,
  spots: readonly Spot[],
) => ({
  type: 'trouble' as const,
  kind,
  at: moment(at),
  ends,
  reach: reachOf(reach, spots),
  answer: answer && reachOf(answer, spots),
  says,
  program,
});

/** `from`, `until`: milliseconds since 1970. */
export const passiveDocument = (
  target: string,
  troubles: ReadonlyMap<Kind, number>,
  { spots, counts, packets, overrun, blind, because, saved }: PassiveEnded,
  { from, until }: { readonly from: number; readonly until: number },
) => ({
  schema: 'netdoctor/passive/1' as const,
  target,
  from: new Date(from).toISOString(),
  until: new Date(until).toISOString(),
  hops: spots.flatMap(({ id, label, hidden }, at) => (hidden ? [] : [{ id, label, lost: counts[at]!.lost }])),
  packets,
  troubles: Object.fromEntries(TROUBLES.map((kind) => [kind, troubles.get(kind) ?? 0])) as Record<
    Kind,
    number
  >,
  overrun,
  blind,
  because,
  saved,
});
