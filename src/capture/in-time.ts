/** Puts what several sockets tell into one order: each tells in time, but not all at once. */
import type { Seen, Spot } from './spot.ts';

export class InTime {
  readonly #spots: readonly Spot[];
  #held: Seen[] = [];

  constructor(spots: readonly Spot[]) {
    this.#spots = spots;
  }

  add(seen: Seen): void {
    this.#held.push(seen);
  }

  get size(): number {
    return this.#held.length;
  }

  /** What is held, in no order. */
  held(): readonly Seen[] {
    return this.#held;
  }

  /** What was seen until then, in time; undefined: all of it. */
  until(at?: bigint): Seen[] {
    const ready = at === undefined ? this.#held : this.#held.filter((seen) => seen.at <= at);
    this.#held = at === undefined ? [] : this.#held.filter((seen) => seen.at > at);
    return ready.toSorted((a, b) => (a.at === b.at ? this.#earlier(a, b) : a.at < b.at ? -1 : 1));
  }

  /** A bridge shows a frame with the stamp of the port that it came in by. */
  #earlier(a: Seen, b: Seen): number {
    const [one, other] = [this.#spots[a.spot], this.#spots[b.spot]];
    if (one?.master !== undefined && one.master === other?.name) return -1;
    return other?.master !== undefined && other.master === one?.name ? 1 : a.spot - b.spot;
  }
}
