/**
 * The last trials, so many and no more: what the window and the rows of small bars are made of. Packed, in room that is taken
 * once: a window may hold ten thousands of them.
 */
import type { Legs } from './measured.ts';
import { Tally, type Told } from './tally.ts';
import type { Trial } from './trial.ts';

const RESULTS: readonly Trial['result'][] = ['answered', 'refused', 'error', 'silent', 'unsent'];
const WAYS = ['request', 'reply'] as const;
const DIRECTIONS = ['request', 'beyond', 'reply'] as const;
/** Where it was lost: the direction, and the hops around it, in a few bits each. */
const NOWHERE = -1;
const SHIFT = 4096;

export interface Glance {
  readonly result: Trial['result'];
  readonly legs: Legs;
  /** Nanoseconds. */
  readonly trip: number | null;
}

export class Recent {
  readonly #most: number;
  readonly #legs: number;
  /** Trials that were added; the last ones are there. */
  #added = 0;
  readonly #at: BigInt64Array;
  readonly #result: Uint8Array;
  readonly #lost: Int32Array;
  readonly #trip: Float64Array;
  readonly #delay: Float64Array;
  readonly #tried: Uint8Array;

  constructor(most: number, hops: number) {
    this.#most = most;
    this.#legs = hops + 1;
    this.#at = new BigInt64Array(most);
    this.#result = new Uint8Array(most);
    this.#lost = new Int32Array(most);
    this.#trip = new Float64Array(most);
    this.#delay = new Float64Array(most * 2 * this.#legs);
    this.#tried = new Uint8Array(most * 2 * this.#legs);
  }

  add({ result, trip, at }: Pick<Trial, 'result' | 'trip' | 'at'>, { tried, delay, lost }: Legs): void {
    const row = this.#added++ % this.#most;
    this.#at[row] = at;
    this.#result[row] = RESULTS.indexOf(result);
    this.#trip[row] = trip ?? Number.NaN;
    this.#lost[row] = lost
      ? DIRECTIONS.indexOf(lost.direction) * SHIFT * SHIFT + (lost.after + 1) * SHIFT + lost.before + 1
      : NOWHERE;
    for (const [way, name] of WAYS.entries()) {
      const from = (row * 2 + way) * this.#legs;
      this.#delay.set(delay[name], from);
      this.#tried.set(tried[name].map(Number), from);
    }
  }

  /** The last so many, the oldest first. */
  last(count: number): Glance[] {
    const many = Math.min(count, this.#added, this.#most);
    return Array.from({ length: many }, (_, index) =>
      this.#glance((this.#added - many + index) % this.#most),
    );
  }

  /** Of those that left no longer ago than so many seconds, counted from the last. */
  window(seconds: number): Told {
    const there = Math.min(this.#added, this.#most);
    const newest = there === 0 ? 0n : this.#at[(this.#added - 1) % this.#most]!;
    const since = newest - BigInt(Math.round(seconds * 1e9));
    const tally = new Tally(this.#legs - 1, true);
    for (let number = this.#added - there; number < this.#added; number++) {
      const row = number % this.#most;
      if (this.#at[row]! <= since) continue;
      const one = this.#glance(row);
      tally.add(one, one.legs);
    }
    return tally.told();
  }

  clear(): void {
    this.#added = 0;
  }

  #glance(row: number): Glance {
    const of = <T>(packed: ArrayLike<number>, way: number, told: (value: number) => T): T[] =>
      Array.from({ length: this.#legs }, (_, leg) => told(packed[(row * 2 + way) * this.#legs + leg]!));
    const tried = (way: number): boolean[] => of(this.#tried, way, (value) => value === 1);
    const delay = (way: number): number[] => of(this.#delay, way, (value) => value);
    const [trip, code] = [this.#trip[row]!, this.#lost[row]!];
    return {
      result: RESULTS[this.#result[row]!]!,
      trip: Number.isNaN(trip) ? null : trip,
      legs: {
        tried: { request: tried(0), reply: tried(1) },
        delay: { request: delay(0), reply: delay(1) },
        lost:
          code === NOWHERE
            ? null
            : {
                direction: DIRECTIONS[Math.floor(code / SHIFT / SHIFT)]!,
                after: (Math.floor(code / SHIFT) % SHIFT) - 1,
                before: (code % SHIFT) - 1,
              },
      },
    };
  }
}
