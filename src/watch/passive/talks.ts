/** Who speaks with whom: a conversation is known again by its ends at every hop, before NAT and behind it. */
import { type Journey, nearestEnds } from '../../capture/journeys.ts';
import { type Ends, wayBack, wayOf } from '../../capture/print.ts';
import type { Reach } from './trouble.ts';

/** Conversations that are followed; the oldest is forgotten. */
const MOST = 20_000;
/** Segments of one side that are remembered. */
const REMEMBERED = 64;

/** What one of the two has sent. */
export interface Side {
  /** Behind the last byte: a sequence number. */
  sent: number | null;
  finished: boolean;
  reset: boolean;
  /** How far each of the last segments came, by the sequence number that it began with. */
  readonly reached: Map<number, Reach>;
}

export interface Talk {
  readonly ends: Ends;
  /** Of whoever spoke first, and of the other. */
  readonly sides: readonly [Side, Side];
  /** The first packet of it that nobody has answered: told, once that is too long. */
  open: { at: bigint; reach: Reach; told: boolean } | null;
  answered: boolean;
  /** An answer that did not come to who asked. */
  answer: Reach | null;
}

const side = (): Side => ({ sent: null, finished: false, reset: false, reached: new Map() });

/** The same ends begin anew. */
export function beginAnew(talk: Talk): void {
  for (const one of talk.sides) {
    Object.assign(one, { sent: null, finished: false, reset: false });
    one.reached.clear();
  }
  talk.open = null;
  talk.answered = false;
  talk.answer = null;
}

export function remember({ reached }: Side, sequence: number, reach: Reach): void {
  reached.set(sequence, reach);
  if (reached.size > REMEMBERED) reached.delete(reached.keys().next().value!);
}

interface Found {
  readonly talk: Talk;
  /** 0: whoever spoke first speaks. */
  readonly speaker: 0 | 1;
}

export class Talks {
  readonly #byWay = new Map<string, Found>();
  readonly #ways = new Map<Talk, string[]>();

  all(): Iterable<Talk> {
    return this.#ways.keys();
  }

  /** Of these ends, whoever of them is the source. */
  of(ends: Ends): Found | undefined {
    return this.#byWay.get(wayOf(ends));
  }

  /** The conversation that a packet belongs to; one that nobody knows begins with it. Undefined for what has no ends. */
  take(journey: Journey): Found | undefined {
    const { steps } = journey;
    const near = nearestEnds(journey);
    if (!near) return undefined;
    let found: Found | undefined;
    for (const { ends } of steps) found ??= ends ? this.of(ends) : undefined;
    found ??= this.#begin(near);
    for (const { ends } of steps) if (ends) this.#know(ends, found);
    return found;
  }

  forget(talk: Talk): void {
    for (const way of this.#ways.get(talk) ?? []) this.#byWay.delete(way);
    this.#ways.delete(talk);
  }

  #begin(ends: Ends): Found {
    const talk: Talk = { ends, sides: [side(), side()], open: null, answered: false, answer: null };
    this.#ways.set(talk, []);
    if (this.#ways.size > MOST) this.forget(this.#ways.keys().next().value!);
    return { talk, speaker: 0 };
  }

  #know(ends: Ends, { talk, speaker }: Found): void {
    const way = wayOf(ends);
    if (this.#byWay.has(way)) return;
    this.#byWay.set(way, { talk, speaker });
    const back = wayBack(ends);
    if (!this.#byWay.has(back)) this.#byWay.set(back, { talk, speaker: speaker === 0 ? 1 : 0 });
    this.#ways.get(talk)?.push(way, back);
  }
}
