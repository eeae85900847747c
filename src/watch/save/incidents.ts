/**
 * Keeps of a watch what nobody could look at in time: the target's packets in the second before and after each loss, as they
 * passed every interface, and how the host was at that moment.
 */
import type { Journey } from '../../capture/journeys.ts';
import { type Listening, listen, readRest } from '../../capture/listen.ts';
import { type Prepared, prepare } from '../../capture/prepare.ts';
import { INCIDENT } from '../../capture/save/incident.ts';
import { type Into, Saving } from '../../capture/save/saving.ts';
import { Stream } from '../../capture/stream.ts';
import type { Machine } from '../../host/machine.ts';
import { LINK } from '../../pcapng/content.ts';
import type { Place } from '../change/source.ts';
import { iso } from '../ndjson.ts';
import type { Course, Loss } from '../question.ts';
import { placeText, reasonText } from '../text/labels.ts';
import { Frames } from './frames.ts';
import { momentOf } from './moment.ts';

/** Headers are enough: those of Ethernet, IPv6 and TCP, and by what a packet is known again. */
const HEADERS = 192;
const TURN = 25;
/** Between two looks at the whole host. Nanoseconds; how many there are at most. */
const APART = 5_000_000_000n;
const MOST_MOMENTS = 100;
/** The stamp of one socket and that of another, of the same packet. Nanoseconds. */
const SAME = 200_000n;
const SECOND = 1_000_000_000n;

export class Incidents {
  /** Why not all of it was written; null: it was. */
  refused: string | null = null;
  readonly #machine: Machine;
  readonly #prepared: Prepared;
  readonly #saving: Saving;
  readonly #listening: Listening;
  readonly #stream: Stream;
  readonly #frames: Frames;
  readonly #remarks = new WeakMap<Journey, string>();
  readonly #began: bigint;
  #looked = 0n;
  #moments = 0;
  #over = false;
  #writing: Promise<void> = Promise.resolve();

  private constructor(machine: Machine, prepared: Prepared, saving: Saving, patience: bigint) {
    this.#machine = machine;
    this.#prepared = prepared;
    this.#saving = saving;
    this.#stream = new Stream(prepared.spots, prepared.claims);
    // A loss is known when nobody waits any longer.
    this.#frames = new Frames(patience + 2n * SECOND);
    const { spots, filters, link } = prepared;
    const taking = { ethernet: link === LINK.ethernet, snaplen: HEADERS };
    this.#listening = listen(machine, spots, filters, taking, (seen) => this.#stream.add(seen));
    this.#began = this.#listening.now();
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
    const saving = await Saving.begin(prepared.head, into, signal);
    try {
      return new Incidents(machine, prepared, saving, patience);
    } catch (error) {
      saving.discard();
      throw error;
    }
  }

  /** What is in the file by now. */
  get saved(): { readonly packets: number; readonly files: readonly string[] } {
    return { packets: this.#saving.saved, files: this.#saving.files };
  }

  /** Takes in what has come, and writes what belongs to a loss. */
  async look(signal: AbortSignal): Promise<void> {
    // What cannot be written is not gathered either.
    if (this.refused !== null) return;
    await this.#listening.drain(TURN);
    const now = this.#listening.now();
    this.#frames.add(this.#stream.until(now - this.#listening.lag).frames);
    this.#write(this.#frames.take(now), signal);
  }

  /** Something was lost: what is around it is kept. */
  lose(loss: Loss, course: Course, places: readonly Place[]): void {
    if (this.refused !== null) return;
    const { trial, lost } = loss;
    this.#frames.want(trial.at);
    const why = reasonText(loss, trial.says);
    const says = `lost: ${placeText(course, lost)}${why && `, ${why}`}`;
    const at = (lost.direction === 'reply' ? trial.reply : trial.request)[lost.after] ?? null;
    const spot = this.#prepared.spots.findIndex(({ id }) => id === course.hops[lost.after]?.id);
    const frame = at === null ? undefined : this.#frames.nearest(spot, at, SAME);
    if (frame) this.#remarks.set(frame.journey, says);
    if (trial.at - this.#looked < APART || this.#moments >= MOST_MOMENTS) return;
    this.#looked = trial.at;
    this.#moments++;
    this.#writing = this.#writing.then(async () => {
      const state = await momentOf(this.#machine, places);
      const text = JSON.stringify({ lost: says, at: iso(trial.at), seen: new Date().toISOString(), state });
      this.#saving.attach({ name: INCIDENT, text });
    });
  }

  #write(frames: ReturnType<Frames['take']>, signal: AbortSignal): void {
    for (const { seen, journey } of frames) {
      const last = journey.steps.at(-1)!;
      const remark = last.at === seen.at && last.spot === seen.spot ? this.#remarks.get(journey) : undefined;
      if (remark !== undefined) this.#remarks.delete(journey);
      const { spot: on, at, bytes, length, direction } = seen;
      const comments = remark === undefined ? [] : [remark];
      this.#saving.packet({ on, at, bytes, length, direction, id: journey.id, lost: null, comments });
    }
    this.#writing = this.#writing.then(async () => {
      this.refused ??= await this.#saving.flush(signal, () => this.#statistics());
    });
  }

  #statistics() {
    const [from, until] = [this.#began, this.#listening.now()];
    const shown = this.#prepared.spots.filter(({ hidden }) => !hidden).length;
    return this.#listening
      .counts()
      .slice(0, shown)
      .map(({ seen, lost }, on) => ({ on, from, until, accepted: BigInt(seen), lost: BigInt(lost) }));
  }

  /** The file ends in order; all that was announced is in it. */
  async end(): Promise<void> {
    const patient = AbortSignal.timeout(2000);
    await readRest(this.#listening);
    this.#frames.add(this.#stream.until().frames);
    this.#write(this.#frames.rest(), patient);
    await this.#writing;
    const kept = await this.#saving.end(patient, this.#statistics());
    this.refused ??= kept;
    this.#over = true;
  }

  /** Nothing is listened to any more; a file that has not ended yet is empty, and goes. */
  async stop(): Promise<void> {
    await this.#listening.stop();
    if (!this.#over) this.#saving.discard();
  }
}
