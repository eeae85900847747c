/**
 * From frames of several interfaces to journeys, in time. A packet waits until it has not been seen again for a while: then it
 * is handed on, its journey known.
 */
import { type Claims, forgetOldest } from './claims.ts';
import { InTime, type Known } from './in-time.ts';
import { type Journey, Journeys, SAID } from './journeys.ts';
import { type Print, printOf } from './print.ts';
import type { Seen, Spot } from './spot.ts';

/** A packet crosses a host in microseconds; what is not seen again for so long is told. Nanoseconds. */
export const QUIET = 100_000_000n;
/** Frames that may wait; more come faster than they can be looked at. */
const MOST = 200_000;
/** Packets of the target that are remembered, to be known again behind NAT. */
const REMEMBERED = 20_000;

export interface Told {
  readonly journey: Journey;
  /** As it was first seen. */
  readonly first: Seen;
  /** Steps that were told before. */
  readonly before: number;
}

/** A frame, and whose it is. */
export interface Framed {
  readonly seen: Seen;
  readonly journey: Journey;
  /** Packets that went on in this one too. */
  readonly others: readonly Journey[];
}

export interface Flow {
  /** Every frame of the target's, in time. */
  readonly frames: readonly Framed[];
  /** Packets of which nothing more is expected. */
  readonly told: readonly Told[];
}

export class Stream {
  /** Frames that came too fast to be looked at. */
  overrun = 0;
  /** Packets so far. */
  packets = 0;
  readonly #spots: readonly Spot[];
  readonly #claims: Claims;
  readonly #most: number;
  readonly #inTime: InTime;
  readonly #journeys = new Journeys();
  /** Frames whose packet may be seen again. */
  #frames: Framed[] = [];
  readonly #going = new Map<Journey, Told>();
  readonly #own = new Set<string>();

  /** `most`: packets after which no new one is taken. */
  constructor(spots: readonly Spot[], claims: Claims, most = Infinity) {
    this.#spots = spots;
    this.#claims = claims;
    this.#most = most;
    this.#inTime = new InTime(spots);
  }

  /** Frames that wait. */
  get waiting(): number {
    return this.#inTime.size + this.#frames.length;
  }

  /** `id`: of its packet, where a file says so. */
  add(seen: Seen, id: bigint | null = null): void {
    if (this.waiting >= MOST) this.overrun++;
    else this.#keep(seen, id);
  }

  /** All that was seen until `now` has been added, nanoseconds since 1970; undefined: nothing comes any more. */
  until(now?: bigint): Flow {
    for (const one of this.#inTime.until(now)) this.#take(one);
    const old = now === undefined ? undefined : now - QUIET;
    const isOld = ({ at }: { readonly at: bigint }): boolean => old === undefined || at <= old;
    const split = this.#frames.findIndex(({ seen }) => !isOld(seen));
    const frames = split < 0 ? this.#frames.splice(0) : this.#frames.splice(0, split);
    return { frames, told: this.#tell(isOld) };
  }

  /** An answer from outside is at the interface of NAT before any interface of the target's shows whose it is. */
  #keep(seen: Seen, id: bigint | null): void {
    const print = id === null ? printOf(seen) : { ...printOf(seen), key: `${SAID}${id}` };
    this.#inTime.add({ seen, print });
    if (this.#spots[seen.spot]?.passes === 'translated') return;
    for (const key of keysOf(print)) {
      this.#own.delete(key);
      this.#own.add(key);
    }
    forgetOldest(this.#own, REMEMBERED);
  }

  #take({ seen, print }: Known): void {
    if (this.#spots[seen.spot]?.hidden) return;
    if (!this.#isOurs(seen, print)) return;
    if (print.ends) this.#claims.learn(print.ends);
    const [journey, ...others] = this.#journeys
      .take(seen, print)
      .filter(({ id }) => Number(id) <= this.#most);
    if (!journey) return;
    for (const one of [journey, ...others]) {
      this.packets = Math.max(this.packets, Number(one.id));
      if (!this.#going.has(one))
        this.#going.set(one, { journey: one, first: seen, before: one.steps.length - 1 });
    }
    this.#frames.push({ seen, journey, others });
  }

  #isOurs({ spot }: Seen, print: Print): boolean {
    const { ends, about } = print;
    const isOwn = keysOf(print).some((key) => this.#own.has(key));
    if (this.#spots[spot]?.passes !== 'translated' || isOwn) return true;
    return (ends !== null && this.#claims.has(ends)) || (about !== null && this.#claims.has(about));
  }

  #tell(isOld: (step: { readonly at: bigint }) => boolean): Told[] {
    const told: Told[] = [];
    for (const [journey, going] of this.#going) {
      if (!isOld(journey.steps.at(-1)!)) continue;
      told.push(going);
      this.#going.delete(journey);
    }
    return told;
  }
}

/** By which a packet is known again, and a datagram that begins as this one does. */
const keysOf = ({ key, says }: Print): string[] => (says ? [key, `${says.id} ${says.begins}`] : [key]);
