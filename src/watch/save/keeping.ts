/** What a watch writes into a file: the target's frames of the second around each incident, and how the host was at that moment. */
import { headersOnly } from '../../capture/frame-bytes.ts';
import type { Journey } from '../../capture/journeys.ts';
import type { Listening } from '../../capture/listen.ts';
import type { Prepared } from '../../capture/prepare.ts';
import { INCIDENT } from '../../capture/save/incident.ts';
import { type Into, Saving } from '../../capture/save/saving.ts';
import type { Machine } from '../../host/machine.ts';
import { wallOffset } from '../../host/sys/wall-clock.ts';
import { iso } from '../ndjson.ts';
import { type Framed, Frames } from './frames.ts';
import { momentOf, type Scene } from './moment.ts';
import type { Saved } from './saved.ts';

/** Between two looks at the whole host. Nanoseconds; how many there are at most. */
const APART = 5_000_000_000n;
const MOST_MOMENTS = 100;
const SECOND = 1_000_000_000n;

/** Something went wrong with a packet. */
export interface Incident {
  /** Nanoseconds since 1970: when that packet left, or was first seen. */
  readonly at: bigint;
  readonly says: string;
  /** The frame that it is written beside, where it was seen last. */
  readonly frame: Framed | undefined;
}

export class Keeping {
  readonly frames: Frames;
  readonly #machine: Machine;
  readonly #saving: Saving;
  /** Spots that are in the file: the first of them all. */
  readonly #shown: number;
  readonly #scenes: readonly Scene[];
  readonly #began: bigint;
  readonly #remarks = new WeakMap<Journey, string>();
  #refused: string | null = null;
  #looked = 0n;
  #moments = 0;
  #over = false;
  #writing: Promise<void> = Promise.resolve();

  private constructor(machine: Machine, { target, spots }: Prepared, saving: Saving, patience: bigint) {
    this.#machine = machine;
    this.#saving = saving;
    this.#shown = spots.filter(({ hidden }) => !hidden).length;
    this.#scenes = [
      { where: 'host', netns: null },
      ...(target.hostNetwork ? [] : [{ where: 'container' as const, netns: target.netns }]),
    ];
    // An incident is known when nobody waits any longer.
    this.frames = new Frames(patience + 2n * SECOND);
    this.#began = machine.now() + wallOffset();
  }

  /** `patience`: nanoseconds until a packet is known to be lost. @throws Failure for a file that cannot be */
  static async begin(
    machine: Machine,
    prepared: Prepared,
    { into, patience }: { readonly into: Into; readonly patience: bigint },
    signal: AbortSignal,
  ): Promise<Keeping> {
    const saving = await Saving.begin(prepared.head, into, signal);
    return new Keeping(machine, prepared, saving, patience);
  }

  get saved(): Saved {
    return { packets: this.#saving.saved, files: this.#saving.files, refused: this.#refused };
  }

  /** Can nothing more be written? */
  get full(): boolean {
    return this.#refused !== null;
  }

  /** Frames that are over, in time; what of the older ones belongs to an incident is written. */
  take(frames: readonly Framed[], listening: Listening, signal: AbortSignal): void {
    this.frames.add(frames);
    this.#write(this.frames.take(listening.now()), listening, signal);
  }

  /** `scenes`: the namespaces that are looked at; the host's and the target's where nobody says others. */
  incident({ at, says, frame }: Incident, scenes = this.#scenes): void {
    if (this.full) return;
    this.frames.want(at);
    if (frame) this.#remarks.set(frame.journey, says);
    if (at - this.#looked < APART || this.#moments >= MOST_MOMENTS) return;
    this.#looked = at;
    this.#moments++;
    this.#writing = this.#writing.then(async () => {
      const state = await momentOf(this.#machine, scenes);
      const text = JSON.stringify({ lost: says, at: iso(at), seen: new Date().toISOString(), state });
      this.#saving.attach({ name: INCIDENT, text });
    });
  }

  #write(frames: readonly Framed[], listening: Listening, signal: AbortSignal): void {
    for (const { seen, journey } of frames) {
      const last = journey.steps.at(-1)!;
      const remark = last.at === seen.at && last.spot === seen.spot ? this.#remarks.get(journey) : undefined;
      if (remark !== undefined) this.#remarks.delete(journey);
      const { spot: on, at, bytes, length, direction } = headersOnly(seen);
      const comments = remark === undefined ? [] : [remark];
      this.#saving.packet({ on, at, bytes, length, direction, id: journey.id, lost: null, comments });
    }
    this.#writing = this.#writing.then(async () => {
      this.#refused ??= await this.#saving.flush(signal, () => this.#statistics(listening));
    });
  }

  #statistics(listening: Listening) {
    const [from, until] = [this.#began, listening.now()];
    return listening
      .counts()
      .slice(0, this.#shown)
      .map(({ seen, lost }, on) => ({ on, from, until, accepted: BigInt(seen), lost: BigInt(lost) }));
  }

  /** The file ends in order with the last frames; all that was announced is in it. */
  async end(frames: readonly Framed[], listening: Listening): Promise<void> {
    const patient = AbortSignal.timeout(2000);
    this.frames.add(frames);
    this.#write(this.frames.rest(), listening, patient);
    await this.#writing;
    const kept = await this.#saving.end(patient, this.#statistics(listening));
    this.#refused ??= kept;
    this.#over = true;
  }

  /** A file that has not ended is empty, and goes. */
  discard(): void {
    if (!this.#over) this.#saving.discard();
    this.#over = true;
  }
}
