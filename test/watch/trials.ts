/** Probes of a watch as they would be told, on the way of the sample diagnosis: four hops, times of our choice. */
import type { Change } from '../../src/watch/change/change.ts';
import type { Ledger } from '../../src/watch/ledger.ts';
import type { Course, Loss, WatchEvent } from '../../src/watch/question.ts';
import { placeOf, type Trial } from '../../src/watch/trial.ts';
import { flow, hops, target } from '../repl/fixture/forwarding-off.ts';

export const course: Course = {
  target,
  flow,
  hops,
  watched: hops.map(() => true),
  blind: new Map(),
};

/** 2026-11-28T12:00:00Z, in nanoseconds. */
export const began = 1_795_867_200_000_000_000n;
const SECOND = 1_000_000_000n;

interface Fate {
  /** Hops that saw the request, and those that saw the answer; answered where all did. */
  readonly out?: number;
  readonly back?: number;
  /** Seconds between two probes. */
  readonly interval?: number;
  /** Microseconds of each leg. */
  readonly took?: number;
}

/** The probe of that number. */
export function trialOf(number: number, { out, back, interval = 0.2, took = 10 }: Fate = {}): Trial {
  const length = hops.length;
  const seenOut = out ?? length;
  const seenBack = back ?? (out === undefined ? length : 0);
  const at = began + (BigInt(Math.round(number * interval * 1000)) * SECOND) / 1000n;
  const leg = BigInt(Math.round(took * 1000));
  const request = hops.map((_, hop) => (hop < seenOut ? at + leg * BigInt(hop + 1) : null));
  const reply = hops.map((_, hop) =>
    hop >= length - seenBack ? at + leg * BigInt(2 * length + 1 - hop) : null,
  );
  const answered = seenOut === length && seenBack === length;
  const seen = { request, reply };
  return {
    ...{ number, at, ...seen, says: null },
    result: answered ? 'answered' : 'silent',
    trip: answered ? Number(leg) * 2 * length : null,
    lost: answered ? null : placeOf(seen, course.watched),
  };
}

const NO_REASON = { dropped: null, rule: null };

/** The trial, and the loss where it is one. */
export function tellTrial(
  ledger: Ledger,
  trial: Trial,
  reason: Pick<Loss, 'dropped' | 'rule'> = NO_REASON,
): void {
  ledger.take({ type: 'trial', trial });
  if (trial.lost) ledger.take({ type: 'loss', trial, lost: trial.lost, ...reason });
}

export const watching: WatchEvent = { type: 'watching', ...course };

/** `seconds`: after the beginning. */
export const changeAt = (seconds: number, change: Partial<Change> = {}): Change => ({
  kind: 'setting',
  where: 'host',
  at: began + BigInt(Math.round(seconds * 1e9)),
  exact: false,
  what: 'net.ipv4.ip_forward',
  before: '1',
  after: '0',
  near: true,
  ...change,
});
