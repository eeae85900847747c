/** The last frames of a target, and of them those that belong to a loss: the second before it, and the second after. */
import type { Journey } from '../../capture/journeys.ts';
import type { Seen } from '../../capture/spot.ts';

export interface Framed {
  readonly seen: Seen;
  readonly journey: Journey;
}

interface Kept extends Framed {
  wanted: boolean;
}

/** Nanoseconds before and after a loss. */
export const AROUND = 1_000_000_000n;
/** Bytes of frames that are remembered, and how many: a busy target has more in a second. */
const MOST = 16 * 1024 * 1024;
const MOST_FRAMES = 50_000;

export class Frames {
  /** Frames that came too fast to be remembered as long as they should. */
  forgotten = 0;
  /** Nanoseconds that a frame is remembered, in case that something was lost beside it. */
  readonly #memory: bigint;
  #all: Kept[] = [];
  #bytes = 0;
  #windows: { readonly from: bigint; readonly until: bigint }[] = [];

  constructor(memory: bigint) {
    this.#memory = memory;
  }

  add(frames: readonly Framed[]): void {
    for (const { seen, journey } of frames) {
      const wanted = this.#windows.some(({ from, until }) => seen.at >= from && seen.at <= until);
      this.#all.push({ seen, journey, wanted });
      this.#bytes += seen.bytes.length;
    }
  }

  /** Something was lost then: what is around it is wanted. */
  want(at: bigint): void {
    const [from, until] = [at - AROUND, at + AROUND];
    const newest = this.#all.at(-1)?.seen.at ?? until;
    // Of a thousand in a second, the first has asked for most that the others want.
    const isKnown = this.#windows.some(
      (one) => one.from <= from && one.until >= (newest < until ? newest : until),
    );
    const beside = this.#windows.filter((one) => one.from <= until && one.until >= from);
    const whole = { from, until };
    for (const one of beside) {
      if (one.from < whole.from) whole.from = one.from;
      if (one.until > whole.until) whole.until = one.until;
    }
    this.#windows = [...this.#windows.filter((one) => !beside.includes(one)), whole];
    if (isKnown) return;
    for (const one of this.#all) if (one.seen.at >= from && one.seen.at <= until) one.wanted = true;
  }

  /** The frame at this spot that is nearest to that moment, no further than so many nanoseconds. */
  nearest(spot: number, at: bigint, within: bigint): Framed | undefined {
    let best: Kept | undefined;
    for (const one of this.#all) {
      if (one.seen.spot !== spot || distance(one.seen.at, at) > within) continue;
      if (!best || distance(one.seen.at, at) < distance(best.seen.at, at)) best = one;
    }
    return best;
  }

  /** The frame of that very stamp. */
  stamped(at: bigint): Framed | undefined {
    return this.#all.findLast(({ seen }) => seen.at === at);
  }

  /** What nobody can ask for any more; the wanted of it is handed over, in time. `now`: nanoseconds since 1970. */
  take(now: bigint): Framed[] {
    const old = now - this.#memory;
    this.#windows = this.#windows.filter(({ until }) => until > old);
    let count = this.#all.findIndex(({ seen }) => seen.at > old);
    if (count < 0) count = this.#all.length;
    for (
      let bytes = this.#bytes - sizeOf(this.#all, 0, count);
      bytes > MOST || this.#all.length - count > MOST_FRAMES;
      count++
    ) {
      if (!this.#all[count]!.wanted) this.forgotten++;
      bytes -= this.#all[count]!.seen.bytes.length;
    }
    return this.#shift(count);
  }

  /** All that is wanted of what is there. */
  rest(): Framed[] {
    return this.#shift(this.#all.length);
  }

  #shift(count: number): Framed[] {
    if (count === 0) return [];
    const gone = this.#all.splice(0, count);
    this.#bytes -= sizeOf(gone, 0, gone.length);
    return gone.filter(({ wanted }) => wanted);
  }
}

const distance = (one: bigint, other: bigint): bigint => (one < other ? other - one : one - other);

function sizeOf(frames: readonly Framed[], from: number, until: number): number {
  let sum = 0;
  for (let at = from; at < until; at++) sum += frames[at]!.seen.bytes.length;
  return sum;
}
