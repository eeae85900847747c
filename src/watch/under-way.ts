/** Probes whose fate is not known yet. One that is under way is not lost; each is told in its turn, as it was sent. */
import type { ProbeOutcome } from '../model/sighting.ts';
import type { Recognised } from '../probe/kind.ts';
import { placeOf, type Trial } from './trial.ts';

/** An answer that the program has may not have been read at every hop yet. Nanoseconds. */
const GRACE = 20_000_000n;

interface Probe {
  readonly number: number;
  /** Nanoseconds of CLOCK_MONOTONIC, and since 1970. */
  readonly sent: bigint;
  readonly at: bigint;
  readonly request: (bigint | null)[];
  readonly reply: (bigint | null)[];
  outcome: ProbeOutcome | null;
  /** When that was heard: nanoseconds of CLOCK_MONOTONIC. */
  heard: bigint;
  says: string | null;
}

export class UnderWay {
  #probes: Probe[] = [];
  /** Nanoseconds an answer is waited for. */
  readonly #patience: bigint;
  /** Outcomes of probes that are being sent: a refusal comes before the sending is over. */
  readonly #early = new Map<number, ProbeOutcome>();

  constructor(patience: bigint) {
    this.#patience = patience;
  }

  get count(): number {
    return this.#probes.length;
  }

  add(number: number, sent: bigint, at: bigint, hops: number): void {
    const none = (): null[] => Array.from({ length: hops }, () => null);
    const outcome = this.#early.get(number) ?? null;
    this.#early.delete(number);
    this.#probes.push({
      ...{ number, sent, at, outcome, heard: sent },
      request: none(),
      reply: none(),
      says: outcome?.says ?? outcome?.errno ?? null,
    });
  }

  hear(outcome: ProbeOutcome, now: bigint): void {
    const probe = this.#find(outcome.probe);
    if (!probe) {
      this.#early.set(outcome.probe, outcome);
      return;
    }
    if (probe.outcome) return;
    probe.outcome = outcome;
    probe.heard = now;
    probe.says ??= outcome.says ?? outcome.errno;
  }

  /** A packet of this probe at a hop; the first of them counts. `at`: nanoseconds since 1970. */
  see({ probe: number, kind, says }: Recognised, hop: number, at: bigint): void {
    const probe = this.#find(number);
    if (!probe) return;
    const seen = kind === 'request' ? probe.request : probe.reply;
    seen[hop] ??= at;
    if (kind === 'error') probe.says = says;
  }

  /** Those whose fate is known by now, in the order in which they were sent. */
  settled(now: bigint, watched: readonly boolean[]): Trial[] {
    const all: Trial[] = [];
    while (this.#probes.length > 0 && this.#isOver(this.#probes[0]!, now))
      all.push(trialOf(this.#probes.shift()!, watched));
    return all;
  }

  #isOver({ outcome, heard, sent }: Probe, now: bigint): boolean {
    if (outcome !== null && outcome.result !== 'error') return now - heard >= GRACE;
    return now - sent >= this.#patience;
  }

  /** None of them is told any more. */
  clear(): void {
    this.#probes = [];
  }

  #find(number: number): Probe | undefined {
    const first = this.#probes[0]?.number ?? 0;
    return this.#probes[number - first];
  }
}

function trialOf({ number, at, request, reply, outcome, says }: Probe, watched: readonly boolean[]): Trial {
  const result = outcome === null ? 'silent' : outcome.result === 'not-sent' ? 'unsent' : outcome.result;
  const trip = outcome?.microseconds ?? null;
  const answered = result === 'answered' || result === 'refused';
  return {
    ...{ number, at, request, reply, result },
    says: answered ? null : says,
    trip: answered && trip !== null ? trip * 1000 : null,
    lost: answered ? null : placeOf({ request, reply }, watched),
  };
}
