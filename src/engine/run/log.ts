/** What a run has seen so far, and the one place that wakes whoever waits for more. */
import type { Clock } from '../../host/clock.ts';
import type { Event } from '../../model/event.ts';
import { type ProbeOutcome, type Sighting, silent } from '../../model/sighting.ts';
import { Once } from './once.ts';

/** A state of waiting: done, or until when (milliseconds since the first probe) and for what. */
export interface Waiting {
  readonly done: boolean;
  readonly until: number;
  readonly what: string;
  /** A moment before that at which it is to be looked at again. */
  readonly look?: number;
}

/** Waiting that takes longer is told. Milliseconds. */
const WORTH_TELLING = 100;

export class RunLog {
  readonly sightings: Sighting[] = [];
  readonly outcomes = new Map<number, ProbeOutcome>();
  /** Hops on which a capture runs. */
  readonly captured = new Set<string>();
  /** Hop id → why no capture runs there. */
  readonly blind = new Map<string, string>();
  /** Milliseconds since the first probe at which each was sent. */
  readonly sent: (number | undefined)[] = [];
  /** Why the captures died under way. */
  lostSight: string | null = null;
  /** The moment the first probe left: nanoseconds of CLOCK_MONOTONIC. */
  origin = 0n;
  /** Microseconds after which nothing more is part of a probe. */
  readonly #ends = new Map<number, number>();
  #wake = (): void => {};
  readonly #once = new Once();
  readonly #clock: Clock;
  readonly tell: (event: Event) => void;

  constructor(clock: Clock, tell: (event: Event) => void) {
    this.#clock = clock;
    this.tell = tell;
  }

  changed = (): void => this.#wake();

  /** Milliseconds since the first probe; 0 before it. */
  now(): number {
    return this.origin === 0n ? 0 : Number(this.#clock.now() - this.origin) / 1e6;
  }

  hear(outcome: ProbeOutcome): void {
    if (this.outcomes.has(outcome.probe)) return;
    this.outcomes.set(outcome.probe, outcome);
    this.tell({ type: 'outcome', outcome });
    this.changed();
  }

  /** The answer of a probe was to what had been sent again: it was lost, and nothing later than `until` counts. Microseconds. */
  takeBack(probe: number, until: number): void {
    this.outcomes.set(probe, silent(probe));
    this.end(probe, until);
  }

  /** Nothing later than `until` is part of this probe, be it told of already or not. Microseconds. */
  end(probe: number, until: number): void {
    this.#ends.set(probe, until);
    const kept = this.sightings.filter((one) => this.counts(one));
    this.sightings.splice(0, this.sightings.length, ...kept);
  }

  counts = ({ probe, at }: Pick<Sighting, 'probe' | 'at'>): boolean =>
    at <= (this.#ends.get(probe) ?? Number.POSITIVE_INFINITY);

  /** What went by before the first probe has no moment that counts from it. */
  see(sighting: Sighting): void {
    if (this.origin === 0n || !this.counts(sighting) || !this.#once.admits(sighting)) return;
    this.sightings.push(sighting);
    this.tell({ type: 'sighting', sighting });
    this.changed();
  }

  /** Begins anew: what was seen until now is of no account. */
  forget(): void {
    this.sightings.length = 0;
    this.#once.forget();
  }

  noteSent(probe: number, at: bigint): void {
    if (this.origin === 0n) this.origin = at;
    this.sent[probe] = Number(at - this.origin) / 1e6;
  }

  loseSight(because: string): void {
    this.lostSight = because;
    for (const hop of this.captured) this.blind.set(hop, because);
    this.captured.clear();
    this.changed();
  }

  /** From here on one hop tells less than there was. What it did tell stands. */
  loseSome(hop: string, because: string): void {
    if (!this.captured.delete(hop)) return;
    this.blind.set(hop, because);
    this.changed();
  }

  /** Looks at the state after every change, and when its own deadline comes, until it is done. */
  async wait(state: () => Waiting, deadline: number, signal: AbortSignal): Promise<void> {
    for (let told = ''; !signal.aborted && this.lostSight === null; ) {
      const { done, until, what, look } = state();
      const now = this.now();
      if (done || now > deadline) return;
      if (until - now > WORTH_TELLING && what !== told && Number.isFinite(until)) {
        told = what;
        this.tell({ type: 'waiting', what, milliseconds: Math.round(until - now) });
      }
      const next = Math.min(until, deadline, look ?? until);
      await this.#pause(Math.max(1, Math.ceil(next - now)), signal);
    }
  }

  #pause(milliseconds: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        cancel();
        signal.removeEventListener('abort', done);
        resolve();
      };
      // A timer that comes late, since a frame was being drawn, comes before what the witnesses wrote meanwhile is read.
      const cancel = this.#clock.after(milliseconds, () => setImmediate(done));
      signal.addEventListener('abort', done, { once: true });
      this.#wake = done;
    });
  }
}
