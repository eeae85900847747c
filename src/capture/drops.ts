/**
 * Where the kernel says that it threw a packet away, and why: its tracepoints tell which buffer passed which interface, and
 * which buffer was dropped. Only what both say of the same buffer, without another packet between, is believed.
 */
import type { TraceEvent } from '../witness/journey/line.ts';
import type { Journey } from './journeys.ts';
import type { Spot } from './spot.ts';

/** Events that are remembered: a second of a busy host. */
const MOST = 20_000;
/** Between a frame's own stamp and the moment at which the tracepoint tells of it. Microseconds. */
const EARLY = 100;
const LATE = 5000;
/** A buffer that is dropped longer after it was seen last may be another packet's by then. Microseconds. */
const SOON = 2000;
export const ETHERNET = 14;

/** Ends that are none: what was taken whole is freed with these too. */
const HARMLESS = /^(NOT_SPECIFIED|NO_SOCKET|CONSUMED|SKB_CONSUMED|TCP_\w+|\d+)$/;

export interface Dropped {
  readonly reason: string;
  /** Kernel function, where the kernel names one. */
  readonly function: string | null;
}

/** A frame, as it was seen last. */
export interface LastSeen {
  readonly device: string;
  /** Microseconds of the clock of the trace. */
  readonly at: number;
  /** With its Ethernet header. */
  readonly length: number;
}

/** `length`: of the frame; `offset`: nanoseconds from the clock of the trace to the clock of the day. */
export function lastSeen(
  { steps }: Journey,
  { length }: { readonly length: number },
  spots: readonly Spot[],
  offset: bigint,
): LastSeen {
  const last = steps.at(-1)!;
  return { device: spots[last.spot]!.name, at: Number((last.at - offset) / 1000n), length };
}

export class Drops {
  #passed: TraceEvent[] = [];
  readonly #dropped = new Map<string, TraceEvent[]>();
  #drops = 0;

  take(event: TraceEvent): void {
    if (event.event === 'kfree_skb') {
      const before = this.#dropped.get(event.skb);
      if (before) before.push(event);
      else this.#dropped.set(event.skb, [event]);
      if (++this.#drops > MOST) this.#forget();
    } else {
      this.#passed.push(event);
      if (this.#passed.length > 2 * MOST) this.#passed = this.#passed.slice(-MOST);
    }
  }

  #forget(): void {
    this.#dropped.clear();
    this.#drops = 0;
  }

  /** What became of the packet behind this sighting; undefined where the kernel does not say. */
  after(seen: LastSeen): Dropped | undefined {
    const around = this.#around(seen);
    const found = new Set(around.filter((event) => isOf(event, seen)).map(({ skb }) => skb));
    const drops = [...found].flatMap((skb) => {
      const drop = this.#dropped
        .get(skb)
        ?.find(({ at }) => at >= seen.at - EARLY && at <= seen.at + LATE + SOON);
      const before = drop && around.findLast((event) => event.skb === skb && event.at <= drop.at);
      // The last that was heard of this buffer was this very packet.
      return drop && before && isLong(before, seen) && drop.at - before.at <= SOON ? [drop] : [];
    });
    const [drop, another] = drops;
    // Two packets of one length at one moment cannot be told apart.
    if (!drop || another || drop.reason === null || HARMLESS.test(drop.reason)) return undefined;
    return { reason: drop.reason, function: /^[a-z_]/i.test(drop.location ?? '') ? drop.location : null };
  }

  /** Events come in time, and the newest are asked for. */
  #around({ at }: LastSeen): TraceEvent[] {
    const found: TraceEvent[] = [];
    for (let index = this.#passed.length - 1; index >= 0; index--) {
      const event = this.#passed[index]!;
      if (event.at < at - EARLY) break;
      if (event.at <= at + LATE + SOON) found.push(event);
    }
    return found.reverse();
  }
}

/** What goes out is told of with its Ethernet header, what comes in without. */
const isLong = ({ length }: TraceEvent, seen: LastSeen): boolean =>
  length === seen.length || length === seen.length - ETHERNET;

const isOf = (event: TraceEvent, seen: LastSeen): boolean =>
  event.device === seen.device &&
  isLong(event, seen) &&
  event.at >= seen.at - EARLY &&
  event.at <= seen.at + LATE;
