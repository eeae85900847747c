/**
 * Keeps of a watch what nobody could look at in time: the target's packets in the second before and after each loss, as they
 * passed every interface, and how the host was at that moment.
 */
import { type Listening, listen, readRest } from '../../capture/listen.ts';
import { type Prepared, prepare } from '../../capture/prepare.ts';
import type { Into } from '../../capture/save/saving.ts';
import { Stream } from '../../capture/stream.ts';
import type { Machine } from '../../host/machine.ts';
import { LINK } from '../../pcapng/content.ts';
import type { Place } from '../change/source.ts';
import type { Course, Loss } from '../question.ts';
import { placeText, reasonText } from '../text/labels.ts';
import { Keeping } from './keeping.ts';
import type { Saved } from './saved.ts';

/** Headers are enough: those of Ethernet, IPv6 and TCP, and by what a packet is known again. */
const HEADERS = 192;
const TURN = 25;
/** The stamp of one socket and that of another, of the same packet. Nanoseconds. */
const SAME = 200_000n;

export class Incidents {
  readonly #prepared: Prepared;
  readonly #keeping: Keeping;
  readonly #listening: Listening;
  readonly #stream: Stream;

  private constructor(machine: Machine, prepared: Prepared, keeping: Keeping) {
    this.#prepared = prepared;
    this.#keeping = keeping;
    this.#stream = new Stream(prepared.spots, prepared.claims);
    const { spots, filters, link } = prepared;
    const taking = { ethernet: link === LINK.ethernet, snaplen: HEADERS };
    this.#listening = listen(machine, spots, filters, taking, (seen) => this.#stream.add(seen));
  }

  /** `patience`: nanoseconds until a probe is known to be lost. @throws Failure for a file that cannot be */
  static async begin(
    machine: Machine,
    target: string,
    { into, patience }: { readonly into: Into; readonly patience: bigint },
    signal: AbortSignal,
  ): Promise<Incidents> {
    const prepared = await prepare(machine, {
      ...{ target, filter: '', hops: [], snaplen: HEADERS, payload: false, trace: false },
      ...{ direction: null, packets: null, seconds: null, into },
    });
    const keeping = await Keeping.begin(machine, prepared, { into, patience }, signal);
    try {
      return new Incidents(machine, prepared, keeping);
    } catch (error) {
      keeping.discard();
      throw error;
    }
  }

  /** What is in the file by now. */
  get saved(): Saved {
    return this.#keeping.saved;
  }

  /** Takes in what has come, and writes what belongs to a loss. */
  async look(signal: AbortSignal): Promise<void> {
    // What cannot be written is not gathered either.
    if (this.#keeping.full) return;
    await this.#listening.drain(TURN);
    const until = this.#listening.now() - this.#listening.lag;
    this.#keeping.take(this.#stream.until(until).frames, this.#listening, signal);
  }

  /** Something was lost: what is around it is kept. */
  lose(loss: Loss, course: Course, places: readonly Place[]): void {
    const { trial, lost } = loss;
    const why = reasonText(loss, trial.says);
    const says = `lost: ${placeText(course, lost)}${why && `, ${why}`}`;
    const at = (lost.direction === 'reply' ? trial.reply : trial.request)[lost.after] ?? null;
    const spot = this.#prepared.spots.findIndex(({ id }) => id === course.hops[lost.after]?.id);
    const frame = at === null ? undefined : this.#keeping.frames.nearest(spot, at, SAME);
    this.#keeping.incident({ at: trial.at, says, frame }, places);
  }

  /** The file ends in order; all that was announced is in it. */
  async end(): Promise<void> {
    await readRest(this.#listening);
    await this.#keeping.end(this.#stream.until().frames, this.#listening);
  }

  /** Nothing is listened to any more; a file that has not ended yet is empty, and goes. */
  async stop(): Promise<void> {
    await this.#listening.stop();
    this.#keeping.discard();
  }
}
