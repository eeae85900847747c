/** One packet in one line: when, whereto, by which interfaces, and what it is. */
import { count, list, plain } from '../../words/text.ts';
import type { Dropped } from '../drops.ts';
import { isBeside, type Journey, translations } from '../journeys.ts';
import { type Ends, PROTOCOL } from '../print.ts';
import type { Ending } from '../question.ts';
import type { Spot } from '../spot.ts';
import type { Told } from '../stream.ts';
import { clockText } from './clock.ts';
import { type Manner, packetText } from './packet.ts';

export interface Page extends Manner {
  readonly spots: readonly Spot[];
  readonly arrow: string;
  readonly more: string;
  /** Stands before why a packet went no further. */
  readonly bad: string;
  /** Addresses of the target. */
  readonly own: ReadonlySet<string>;
}

const microseconds = (nanoseconds: bigint): string => `${nanoseconds < 0n ? '' : '+'}${nanoseconds / 1000n}`;

/** `eth0@web → vetha +4 → br0 +0 → eth0 +21 µs` */
function wayText({ journey, before }: Told, { spots, arrow, more }: Page): string {
  const { steps } = journey;
  const label = (spot: number): string => spots[spot]?.label ?? `interface ${spot}`;
  const shown = steps.slice(before);
  const parts = shown.flatMap((step, index) => {
    const { spot, at, piece, among = 1 } = step;
    const previous = steps[before + index - 1];
    // Of pieces the first is shown, with how many there are.
    if (piece && shown.slice(0, index).some((one) => isBeside(one, step))) return [];
    const pieces = piece ? shown.filter((one) => isBeside(one, step)).length : 1;
    const name = `${label(spot)}${pieces > 1 ? ` in ${pieces} pieces` : ''}${among > 1 ? ` with ${count(among - 1, 'other')}` : ''}`;
    return [previous ? `${name} ${microseconds(at - previous.at)}` : name];
  });
  const text = [...(before > 0 ? [more] : []), ...parts].join(` ${arrow} `);
  return steps.length > 1 ? `${text} us` : text;
}

export type Heading = 'Out' | 'In';

/** Out of the target, or into it; by the interface where nothing else tells. */
export function headingOf(
  { journey }: Pick<Told, 'journey'>,
  { spots, own }: Pick<Page, 'spots' | 'own'>,
): Heading {
  // Behind NAT one of its ends is the target's again.
  for (const { ends } of journey.steps)
    if (ends && own.has(ends.source) !== own.has(ends.destination))
      return own.has(ends.source) ? 'Out' : 'In';
  const { spot, direction } = journey.steps[0]!;
  const outwards = spots[spot]?.where === 'container' || spots[spot]?.kind === 'uplink';
  return (direction === 'out') === outwards ? 'Out' : 'In';
}

/** `10.88.0.2.41000 > 198.51.100.1.80`, as tcpdump(8) has them. */
export function endsText({ protocol, source, sourcePort, destination, destinationPort }: Ends): string {
  const ported = protocol === PROTOCOL.tcp || protocol === PROTOCOL.udp;
  const end = (address: string, port: number | null): string =>
    ported && port !== null ? `${address}.${port}` : address;
  return `${end(source, sourcePort)} > ${end(destination, destinationPort)}`;
}

/** `packets 7, 8 and 9 in one` */
export const togetherText = (journeys: readonly Journey[]): string =>
  `packets ${list(journeys.map(({ id }) => String(id)))} in one`;

/** `dropped: NETFILTER_DROP at nft_do_chain` */
export const dropText = ({ reason, function: place }: Dropped): string =>
  `dropped: ${reason}${place === null ? '' : ` at ${place}`}`;

export function journeyText({ told, dropped }: Ending, page: Page): string {
  const changes = translations(told.journey).filter(({ at }) => at >= told.before);
  const changed = changes.map(({ at, into }) => {
    const label = page.spots[told.journey.steps[at]!.spot]?.label;
    return ` [at ${label}: ${endsText(into)}]`;
  });
  const start = told.journey.steps[told.before]!.at;
  const heading = headingOf(told, page).padEnd(3);
  return plain(
    `${clockText(start)} ${heading} ${wayText(told, page)}  ${packetText(told.first, page)}${changed.join('')}${dropped ? ` ${page.bad} ${dropText(dropped)}` : ''}`,
  );
}
