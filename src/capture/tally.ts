/** What became of the packets of a capture, counted: the ways that they took, and where the kernel threw them away. */
import { wayOfSpots } from './journeys.ts';
import type { Ending } from './question.ts';
import type { Heading } from './text/journey.ts';

/** Ways, and kinds of drops, that are counted apart; further ones are counted together. */
const MOST = 1000;

export interface Way {
  readonly heading: Heading;
  /** Numbers of the spots, in the order in which they saw it. */
  readonly spots: readonly number[];
  packets: number;
}

export interface Loss {
  /** Number of the spot that saw it last. */
  readonly after: number;
  readonly reason: string;
  readonly function: string | null;
  packets: number;
}

export class Tally {
  /** Packets of ways, and drops, for which there was no room. */
  others = 0;
  otherLosses = 0;
  readonly #ways = new Map<string, Way>();
  readonly #losses = new Map<string, Loss>();

  /** What is told of a packet later, as after a neighbour was asked for, goes on with the way that it had. */
  take({ told, dropped }: Ending, heading: Heading): void {
    const { steps } = told.journey;
    const spots = wayOfSpots(steps);
    if (told.before > 0) this.#count(heading, wayOfSpots(steps.slice(0, told.before)), -1);
    this.#count(heading, spots, 1);
    if (dropped) this.#lose({ after: spots.at(-1)!, reason: dropped.reason, function: dropped.function });
  }

  /** The most frequent first. */
  ways(): readonly Way[] {
    return [...this.#ways.values()]
      .filter(({ packets }) => packets > 0)
      .sort((a, b) => b.packets - a.packets);
  }

  losses(): readonly Loss[] {
    return [...this.#losses.values()].sort((a, b) => b.packets - a.packets);
  }

  #count(heading: Heading, spots: readonly number[], packets: 1 | -1): void {
    const key = `${heading} ${spots.join()}`;
    const way = this.#ways.get(key);
    if (way) way.packets += packets;
    else if (this.#ways.size < MOST) this.#ways.set(key, { heading, spots, packets });
    else this.others += packets;
  }

  #lose(one: Omit<Loss, 'packets'>): void {
    const key = `${one.after} ${one.reason} ${one.function}`;
    const loss = this.#losses.get(key);
    if (loss) loss.packets++;
    else if (this.#losses.size < MOST) this.#losses.set(key, { ...one, packets: 1 });
    else this.otherLosses++;
  }
}
