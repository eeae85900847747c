/** Hands on what a capture has seen: into files first, so that what is told is in them. */

import { wallOffset } from '../host/sys/wall-clock.ts';
import type { Statistics } from '../pcapng/content.ts';
import type { DropWitness } from './drop-witness.ts';
import { type Dropped, lastSeen } from './drops.ts';
import { headersOnly } from './frame-bytes.ts';
import type { Listening } from './listen.ts';
import type { Ending } from './question.ts';
import type { Saving } from './save/saving.ts';
import type { Spot } from './spot.ts';
import type { Framed, Stream, Told } from './stream.ts';
import { dropText, togetherText } from './text/journey.ts';

export interface Sources {
  readonly spots: readonly Spot[];
  readonly stream: Stream;
  readonly listening: Listening;
  readonly drops: DropWitness;
  readonly saving: Saving | null;
  readonly payload: boolean;
  readonly signal: AbortSignal;
  tell(ending: Ending): Promise<void>;
}

/** What is known beside a frame. */
interface Beside {
  readonly dropped: Dropped | null;
  /** Of each hop, what the kernel had no room for until now. */
  readonly lost: readonly number[];
}

export class HandingOn {
  /** Frames of each hop that were the target's. */
  readonly taken: number[];
  readonly #from: Sources;
  readonly #began: bigint;
  /** Of each hop, losses that were told beside a packet. */
  readonly #lost: number[];

  constructor(from: Sources) {
    this.#from = from;
    this.#began = from.listening.now();
    this.taken = from.spots.map(() => 0);
    this.#lost = from.spots.map(() => 0);
  }

  statistics(): Statistics[] {
    const { spots, listening } = this.#from;
    const [from, until] = [this.#began, listening.now()];
    // Those that nobody asked for come last, and are in no file.
    const shown = listening.counts().slice(0, spots.filter(({ hidden }) => !hidden).length);
    return shown.map(({ seen, lost }, on) => ({
      ...{ on, from, until },
      accepted: BigInt(seen),
      lost: BigInt(lost),
    }));
  }

  /** All that was seen until then; undefined: the rest. Null, or why it could not be written. */
  async until(now?: bigint): Promise<string | null> {
    const { stream, saving, payload, signal, tell } = this.#from;
    const { frames, told } = stream.until(now);
    // Asked of the kernel once for all of them.
    const offset = told.length > 0 ? wallOffset() : 0n;
    const lost = saving && frames.length > 0 ? this.#from.listening.counts().map((count) => count.lost) : [];
    const dropped = new Map(told.map((one) => [one.journey, this.#dropped(one, offset)]));
    for (const framed of frames) {
      this.taken[framed.seen.spot]!++;
      if (saving) this.#keep(saving, framed, { dropped: dropped.get(framed.journey) ?? null, lost });
    }
    const refused = (await saving?.flush(signal, () => this.statistics())) ?? null;
    if (refused !== null) return refused;
    for (const one of told)
      await tell({
        told: payload ? one : { ...one, first: headersOnly(one.first) },
        dropped: dropped.get(one.journey) ?? null,
      });
    return null;
  }

  #keep(saving: Saving, { seen, journey, others }: Framed, { dropped, lost }: Beside): void {
    const { spot: on, at, direction, bytes, length } = this.#from.payload ? seen : headersOnly(seen);
    const lately = lost[on]! - this.#lost[on]!;
    this.#lost[on] = lost[on]!;
    const last = journey.steps.at(-1)!;
    const ends = dropped !== null && last.at === at && last.spot === on;
    saving.packet({
      on,
      at,
      bytes,
      length,
      direction,
      id: journey.id,
      lost: lately > 0 ? BigInt(lately) : null,
      comments: [
        ...(others.length > 0 ? [togetherText([journey, ...others])] : []),
        ...(ends ? [dropText(dropped)] : []),
      ],
    });
  }

  /** Why it went no further than where it was seen last. */
  #dropped({ journey, first }: Told, offset: bigint): Dropped | null {
    const { spots, drops } = this.#from;
    return drops.after(lastSeen(journey, first, spots, offset)) ?? null;
  }
}
