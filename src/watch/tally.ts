/** All that is kept of a whole run: as much after a day as after a minute. */
import { type Legs, legOf } from './measured.ts';
import { type Delays, delaysOf, Spread } from './statistics/delays.ts';
import { Order } from './statistics/order.ts';
import type { Verdict } from './statistics/runs-test.ts';
import { type Rate, wilson } from './statistics/wilson.ts';
import { isAnswered, type Trial } from './trial.ts';

export interface Way extends Rate {
  /** Packets that came to where it begins, and those of them that did not come to its end. */
  readonly tried: number;
  readonly lost: number;
  readonly delay: Delays | null;
}

export interface Told {
  readonly settled: number;
  readonly answered: number;
  readonly lost: number;
  /** The sender's own host refused to send them. */
  readonly unsent: number;
  readonly loss: Rate;
  readonly order: Verdict & { readonly bursts: number; readonly longest: number };
  /** From program to program and back. */
  readonly trip: Delays | null;
  /** By number of the leg. */
  readonly request: readonly Way[];
  readonly reply: readonly Way[];
}

/** Takes delays one by one, in whatever room. */
interface Delaying {
  add(nanoseconds: number): void;
  told(): Delays | null;
}

class Few implements Delaying {
  readonly #all: number[] = [];
  add(nanoseconds: number): void {
    this.#all.push(nanoseconds);
  }
  told(): Delays | null {
    return delaysOf(this.#all);
  }
}

class Leg {
  tried = 0;
  lost = 0;
  readonly delay: Delaying;

  constructor(delay: Delaying) {
    this.delay = delay;
  }

  told(): Way {
    const { tried, lost } = this;
    return { tried, lost, ...wilson(lost, tried), delay: this.delay.told() };
  }
}

type Fate = Pick<Trial, 'result' | 'trip'>;

/** Of the packets, wherever they went. */
class Totals {
  #answered = 0;
  #unsent = 0;
  readonly #order = new Order();
  readonly #trip: Delaying;

  constructor(trip: Delaying) {
    this.#trip = trip;
  }

  add(fate: Fate): void {
    const answered = isAnswered(fate);
    if (answered) this.#answered++;
    if (fate.result === 'unsent') this.#unsent++;
    this.#order.add(!answered);
    if (fate.trip !== null) this.#trip.add(fate.trip);
  }

  told() {
    const { lost, passed, runs, longest } = this.#order;
    return {
      settled: lost + passed,
      answered: this.#answered,
      lost: lost - this.#unsent,
      unsent: this.#unsent,
      loss: wilson(lost, lost + passed),
      order: { ...this.#order.verdict(), bursts: runs, longest },
      trip: this.#trip.told(),
    };
  }
}

export class Tally {
  readonly #delaying: () => Delaying;
  readonly #totals: Totals;
  readonly #request: Leg[];
  readonly #reply: Leg[];

  /** `few`: of a window, whose delays are looked at one by one. */
  constructor(hops: number, few = false, totals?: Totals) {
    this.#delaying = () => (few ? new Few() : new Spread());
    const legs = (): Leg[] => Array.from({ length: hops + 1 }, () => new Leg(this.#delaying()));
    this.#totals = totals ?? new Totals(this.#delaying());
    this.#request = legs();
    this.#reply = legs();
  }

  /** The same packets, and another way. */
  onto(hops: number): Tally {
    return new Tally(hops, false, this.#totals);
  }

  add(fate: Fate, { tried, delay, lost }: Legs): void {
    this.#totals.add(fate);
    for (const [way, legs] of [
      ['request', this.#request],
      ['reply', this.#reply],
    ] as const)
      for (const [number, leg] of legs.entries()) {
        if (tried[way][number]) leg.tried++;
        const took = delay[way][number]!;
        if (!Number.isNaN(took)) leg.delay.add(took);
      }
    if (!lost) return;
    const legs = lost.direction === 'reply' ? this.#reply : this.#request;
    const leg = legs[legOf(lost)];
    if (leg) leg.lost++;
  }

  told(): Told {
    return {
      ...this.#totals.told(),
      request: this.#request.map((leg) => leg.told()),
      reply: this.#reply.map((leg) => leg.told()),
    };
  }
}
