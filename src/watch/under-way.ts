/** Probes whose fate is not known yet. One that is under way is not lost; each is told in its turn, as it was sent. */
import type { ProbeOutcome } from '../model/sighting.ts';
import type { Recognised } from '../probe/kind.ts';
import { isAnswered, placeOf, type Trial } from './trial.ts';
import type { Way } from './way.ts';

/** Inside this host a packet is seen at the next hop at once. Nanoseconds. */
const SILENCE = 150_000_000n;

interface Probe {
  readonly number: number;
  readonly way: Way;
  /** Nanoseconds of CLOCK_MONOTONIC, and since 1970. */
  readonly sent: bigint;
  readonly at: bigint;
  readonly request: (bigint | null)[];
  readonly reply: (bigint | null)[];
  /** Nobody had answered it in time, and it was sent again: what is seen and heard from then on is not of the first. */
  again: boolean;
  outcome: ProbeOutcome | null;
  /** When that was heard: nanoseconds of CLOCK_MONOTONIC. */
  heard: bigint;
  /** What an error about it says that was seen at a hop. */
  says: string | null;
}

export interface Settled {
  readonly trial: Trial;
  readonly way: Way;
}

export class UnderWay {
  readonly #probes: Probe[] = [];
  /** Nanoseconds an answer is waited for. */
  readonly #patience: bigint;
  /** Nanoseconds after which what was seen at the hops has been read. */
  readonly #grace: bigint;
  /** Outcomes of probes that are being sent: a refusal comes before the sending is over. */
  readonly #early = new Map<number, ProbeOutcome>();

  constructor(patience: bigint, grace: bigint) {
    this.#patience = patience;
    this.#grace = grace;
  }

  get count(): number {
    return this.#probes.length;
  }

  add(number: number, { sent, at }: { readonly sent: bigint; readonly at: bigint }, way: Way): void {
    const none = (): null[] => way.course.hops.map(() => null);
    const outcome = this.#early.get(number) ?? null;
    this.#early.delete(number);
    this.#probes.push({
      ...{ number, way, sent, at, outcome, heard: sent },
      request: none(),
      reply: none(),
      again: false,
      says: null,
    });
  }

  hear(outcome: ProbeOutcome, now: bigint): void {
    const probe = this.#find(outcome.probe);
    if (!probe) {
      this.#early.set(outcome.probe, outcome);
      // Those that were settled before they were answered are of no interest any more.
      if (this.#early.size > 1) this.#early.delete(this.#early.keys().next().value!);
      return;
    }
    if (probe.outcome) return;
    probe.outcome = outcome;
    probe.heard = now;
  }

  /** A packet of this probe at a hop of its way; the first of them counts. Told in time, at each hop. `at`: nanoseconds since 1970. */
  see({ probe: number, kind, says }: Recognised, way: Way, hop: number, at: bigint): void {
    const probe = this.#find(number);
    if (!probe || probe.way !== way) return;
    // By the kernel's stamp: however late it is read, it had passed before its time was over.
    probe.again ||= kind === 'request' && at - probe.at > this.#patience;
    if (probe.again) return;
    const seen = kind === 'request' ? probe.request : probe.reply;
    seen[hop] ??= at;
    if (kind === 'error') probe.says = says;
  }

  /** Those whose fate is known by now, in the order in which they were sent. */
  settled(now: bigint): Settled[] {
    const all: Settled[] = [];
    while (this.#probes.length > 0 && this.#isOver(this.#probes[0]!, now)) {
      const probe = this.#probes.shift()!;
      all.push({ trial: trialOf(probe), way: probe.way });
    }
    return all;
  }

  #isOver({ outcome, heard, sent }: Probe, now: bigint): boolean {
    if (outcome !== null && outcome.result !== 'error') return now - heard >= this.#grace;
    return now - sent >= this.#patience + this.#grace;
  }

  /** Was one of them not seen to go on for so long that it is lost, unless it waits for something? */
  isSuspicious(now: bigint): boolean {
    const [first] = this.#probes;
    if (!first || first.outcome?.result === 'answered' || now - first.sent < SILENCE) return false;
    const { watched } = first.way.course;
    return first.request[watched.lastIndexOf(true)] === null || first.reply.some((at) => at !== null);
  }

  #find(number: number): Probe | undefined {
    return this.#probes[number - (this.#probes[0]?.number ?? 0)];
  }
}

function trialOf({ number, way, at, request, reply, again, says, ...probe }: Probe): Trial {
  const outcome = again ? null : probe.outcome;
  const result = outcome === null ? 'silent' : outcome.result === 'not-sent' ? 'unsent' : outcome.result;
  const answered = isAnswered({ result });
  return {
    ...{ number, at, request, reply, result },
    says: answered ? null : (says ?? outcome?.says ?? outcome?.errno ?? null),
    trip: answered ? tripOf(request, reply, outcome) : null,
    lost: answered ? null : placeOf({ request, reply }, way.course.watched),
  };
}

/** At the first hop that saw both, by the kernel's stamps: the program itself hears of it when it is its turn. Nanoseconds. */
function tripOf(
  request: readonly (bigint | null)[],
  reply: readonly (bigint | null)[],
  outcome: ProbeOutcome | null,
): number | null {
  const hop = request.findIndex((at, index) => at !== null && (reply[index] ?? null) !== null);
  const [out, back] = [request[hop] ?? null, reply[hop] ?? null];
  if (out !== null && back !== null && back >= out) return Number(back - out);
  return outcome?.microseconds == null ? null : outcome.microseconds * 1000;
}
