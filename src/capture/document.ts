/** A capture as one document at its end, netdoctor/capture/1, and each packet of it as a line of JSON. */
import type { Ended, Ending, Listens } from './question.ts';
import type { Spot } from './spot.ts';
import type { Tally } from './tally.ts';
import { headingOf } from './text/journey.ts';
import { packetText } from './text/packet.ts';

interface Asked {
  readonly target: string;
  readonly filter: string;
}

const hopOf = ({ id, label, name, where, kind, ifindex, addresses }: Spot) => ({
  id,
  label,
  name,
  where,
  kind,
  ifindex,
  addresses,
});

/** Seconds since 1970 to the nanosecond, which a number of JSON cannot hold: `1795891908.518640123`. */
export const moment = (at: bigint): string => {
  const digits = String(at).padStart(10, '0');
  return `${digits.slice(0, -9)}.${digits.slice(-9)}`;
};
const micro = (nanoseconds: bigint): number => Number(nanoseconds) / 1000;

export const listeningOf = ({ spots, filters }: Listens) => ({
  type: 'listening' as const,
  hops: spots.flatMap((spot, at) =>
    spot.hidden
      ? []
      : [
          {
            ...hopOf(spot),
            filter: filters[at]!.applies ? filters[at]!.filter : null,
            note: filters[at]!.says,
          },
        ],
  ),
});

export function packetOf({ told, dropped }: Ending, listens: Listens) {
  const { journey, first, before } = told;
  const began = journey.steps[0]!.at;
  return {
    type: 'packet' as const,
    id: Number(journey.id),
    heading: headingOf(told, listens) === 'Out' ? ('out' as const) : ('in' as const),
    at: moment(began),
    length: first.length,
    text: packetText(first),
    steps: journey.steps.map(({ spot, at, direction, ends }) => ({
      hop: listens.spots[spot]!.id,
      direction,
      microseconds: micro(at - began),
      ends,
    })),
    again: before > 0,
    dropped,
  };
}

/** `from`, `until`: milliseconds since 1970. */
export function captureDocument(
  { target, filter }: Asked,
  { spots, filters }: Listens,
  { counts, taken, packets, overrun, saved, blind, because }: Ended,
  tally: Tally,
  { from, until }: { readonly from: number; readonly until: number },
) {
  const hops = spots.flatMap((spot, at) => {
    if (spot.hidden) return [];
    const { filter: own, applies, says } = filters[at]!;
    const { seen, lost } = counts[at]!;
    const told = { filter: applies ? own : null, note: says };
    return [{ ...hopOf(spot), ...told, captured: taken[at]!, passed: seen, lost }];
  });
  return {
    schema: 'netdoctor/capture/1' as const,
    target,
    filter,
    from: new Date(from).toISOString(),
    until: new Date(until).toISOString(),
    hops,
    packets,
    frames: taken.reduce((sum, one) => sum + one, 0),
    overrun,
    ways: tally.ways().map(({ heading, spots: way, packets: count }) => ({
      heading: heading === 'Out' ? ('out' as const) : ('in' as const),
      hops: way.map((spot) => spots[spot]!.id),
      packets: count,
    })),
    otherWays: tally.others,
    losses: tally.losses().map(({ after, reason, function: place, packets: count }) => ({
      after: spots[after]!.id,
      reason,
      function: place,
      packets: count,
    })),
    otherLosses: tally.otherLosses,
    saved: saved && { frames: saved.packets, files: saved.files },
    blind,
    because,
  };
}

export type CaptureDocument = ReturnType<typeof captureDocument>;
