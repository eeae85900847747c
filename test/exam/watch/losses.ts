/** Runs of a watch in labs that lose packets at one place, at random or in bursts, and one that loses none: what it says of each. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Lab } from '../../lab/lab.ts';
import { type LossPlace, lose, loseNoMore, type Packets } from '../../lab/loss-places.ts';
import { beginWatch, type Summary } from '../../lab/watched.ts';

export interface Pattern {
  readonly name: string;
  /** Which packets are taken: nft(8). */
  readonly which: string;
  /** The part of them, from 0 to 1. */
  readonly rate: number;
  /** What is said of their order where there are enough of them to say. */
  readonly order: 'random' | 'bursts';
  /** Probes of a run, where none of them is late. */
  readonly probes: number;
}

export const PATTERNS: readonly Pattern[] = [
  {
    name: '0.1 % at random',
    which: 'numgen random mod 1000 < 1',
    rate: 0.001,
    order: 'random',
    probes: 1200,
  },
  { name: '1 % at random', which: 'numgen random mod 100 < 1', rate: 0.01, order: 'random', probes: 600 },
  { name: '5 % at random', which: 'numgen random mod 100 < 5', rate: 0.05, order: 'random', probes: 600 },
  { name: 'six in a row of 150', which: 'numgen inc mod 150 < 6', rate: 0.04, order: 'bursts', probes: 600 },
];

/** Of runs that lose nothing: probes, and how many there are of each family. */
const HEALTHY = 600;
export const HEALTHY_RUNS = 4;

export interface Purpose {
  readonly place: LossPlace;
  readonly pattern: Pattern;
}

/** Seconds between two probes, and until one is lost. */
const INTERVAL = 0.005;
const WAIT = 0.5;

export interface Run {
  readonly probes: number;
  /** Packets that the rule has taken, as it counts them itself. */
  readonly taken: number;
  /** Losses that were told where they were, and those that were told elsewhere. */
  readonly right: number;
  readonly elsewhere: number;
  /** Does the interval of that leg hold the true rate? Null: nothing was lost on purpose. */
  readonly holds: boolean | null;
  readonly order: Summary['loss']['pattern'];
  readonly changes: number;
}

/** One run; without a place nothing is lost on purpose. */
export async function run(lab: Lab, packets: Packets, purpose: Purpose | null): Promise<Run> {
  const to = packets === 'icmp6' ? '2001:db8:f::1' : '198.51.100.1';
  const words = ['--to', to, '--interval', String(INTERVAL), '--wait', String(WAIT)];
  const watched = await beginWatch(lab, [`netns:${lab.names.A}`, ...words]);
  if (purpose) await lose(lab, purpose.place, packets, purpose.pattern.which);
  await sleep((purpose?.pattern.probes ?? HEALTHY) * INTERVAL * 1000);
  const taken = purpose ? await loseNoMore(lab, purpose.place) : 0;
  const stopped = Date.now();
  // They are told in the order in which they were sent: with one that was sent later all that were lost have been.
  await watched.until(
    ({ type, at }) => type === 'probe' && Date.parse(String(at)) > stopped,
    'a probe behind the last that could be lost',
  );
  const { summary } = await watched.end('SIGINT');
  return judged(summary, taken, purpose);
}

export function judged(summary: Summary, taken: number, purpose: Purpose | null): Run {
  const lost = summary.reasons.reduce((sum, { count }) => sum + count, 0);
  const right = purpose
    ? summary.reasons
        .filter(({ direction, between }) => isSame(purpose.place, { direction, between }))
        .reduce((sum, { count }) => sum + count, 0)
    : 0;
  const leg = purpose && legOf(summary, purpose.place);
  const rate = purpose?.pattern.rate ?? 0;
  return {
    probes: summary.settled,
    ...{ taken, right, elsewhere: lost - right },
    holds: leg && leg.interval[0]! <= rate && rate <= leg.interval[1]!,
    order: summary.loss.pattern,
    changes: summary.changes.count,
  };
}

type Placed = Pick<LossPlace, 'direction' | 'between'>;
const isSame = (one: Placed, other: { direction: string; between: readonly (string | null)[] }): boolean =>
  one.direction === other.direction && one.between.every((hop, at) => hop === other.between[at]);

/** What is told of the leg on which packets of that place are lost. */
function legOf({ path, beyond }: Summary, { direction, between: [after, before] }: Placed) {
  if (direction === 'beyond') return beyond;
  const hop = path.find(({ id }) => id === (direction === 'request' ? before : after));
  return hop?.[direction] ?? null;
}
