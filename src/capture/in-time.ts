/** Puts what several sockets tell into one order: each tells in time, but not all at once. */
import type { Print } from './print.ts';
import type { Seen, Spot } from './spot.ts';

export interface Known {
  readonly seen: Seen;
  readonly print: Print;
}

export class InTime {
  readonly #spots: readonly Spot[];
  #held: Known[] = [];

  /** None: of frames with the same stamp the one that was added first stays first. */
  constructor(spots: readonly Spot[]) {
    this.#spots = spots;
  }

  add(one: Known): void {
    this.#held.push(one);
  }

  get size(): number {
    return this.#held.length;
  }

  /** What was seen until then, in time; undefined: all of it. */
  until(at?: bigint): Known[] {
    const isReady = ({ seen }: Known): boolean => at === undefined || seen.at <= at;
    const ready = this.#held.filter(isReady);
    this.#held = this.#held.filter((one) => !isReady(one));
    return ready.toSorted((a, b) =>
      a.seen.at === b.seen.at ? this.#earlier(a.seen, b.seen) : a.seen.at < b.seen.at ? -1 : 1,
    );
  }

  /** A bridge shows a frame with the stamp of the port that it came in by, a macvlan with that of its parent. */
  #earlier(a: Seen, b: Seen): number {
    const [one, other] = [this.#spots[a.spot], this.#spots[b.spot]];
    if (!one || !other) return 0;
    if (other.master === one.name) return 1;
    if (one.master === other.name) return -1;
    return a.direction === 'in' && b.direction === 'in' ? b.spot - a.spot : a.spot - b.spot;
  }
}
