/**
 * Delays, each in nanoseconds: of a whole run in the same room however long it is, or of a few exactly. Percentiles of any number
 * of values in room of one size, right to a share of each, are what hdr-histogram-js is kept for.
 */
import { build, type Histogram } from 'hdr-histogram-js';

export interface Delays {
  readonly count: number;
  /** Nanoseconds. */
  readonly last: number;
  readonly average: number;
  readonly best: number;
  readonly worst: number;
  /** Standard deviation of the sample. */
  readonly deviation: number;
  /** Mean difference between one and the next. */
  readonly jitter: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
}

/** Longer ones are counted as this long: a quarter of an hour. Nanoseconds. */
const LONGEST = 1e12;
/** Percentiles are right to one in a hundred. */
const DIGITS = 2;

export class Spread {
  #count = 0;
  #last = 0;
  #mean = 0;
  #squares = 0;
  #best = Infinity;
  #worst = 0;
  #differences = 0;
  /** Made with the first: many ways are never gone. */
  #histogram: Histogram | undefined;

  /** `nanoseconds`, no less than 0. Mean and squares: B. P. Welford, Technometrics 4 (1962), 419-420. */
  add(nanoseconds: number): void {
    if (this.#count > 0) this.#differences += Math.abs(nanoseconds - this.#last);
    this.#count++;
    const off = nanoseconds - this.#mean;
    this.#mean += off / this.#count;
    this.#squares += off * (nanoseconds - this.#mean);
    this.#last = nanoseconds;
    this.#best = Math.min(this.#best, nanoseconds);
    this.#worst = Math.max(this.#worst, nanoseconds);
    this.#histogram ??= build({
      bitBucketSize: 32,
      highestTrackableValue: LONGEST,
      numberOfSignificantValueDigits: DIGITS,
    });
    this.#histogram.recordValue(Math.min(LONGEST, Math.round(nanoseconds)));
  }

  /** Null where there were none. */
  told(): Delays | null {
    const histogram = this.#histogram;
    if (!histogram) return null;
    // A class of the histogram ends behind the longest that was seen.
    const at = (percent: number): number => Math.min(this.#worst, histogram.getValueAtPercentile(percent));
    return {
      count: this.#count,
      last: this.#last,
      average: this.#mean,
      best: this.#best,
      worst: this.#worst,
      deviation: this.#count > 1 ? Math.sqrt(this.#squares / (this.#count - 1)) : 0,
      jitter: this.#count > 1 ? this.#differences / (this.#count - 1) : 0,
      p50: at(50),
      p90: at(90),
      p99: at(99),
    };
  }
}

/** The same of a few, in the order in which they came; null where there are none. */
export function delaysOf(values: readonly number[]): Delays | null {
  const last = values.at(-1);
  if (last === undefined) return null;
  const count = values.length;
  const sorted = Float64Array.from(values).sort();
  const at = (percent: number): number => sorted[Math.max(0, Math.ceil((percent / 100) * count) - 1)]!;
  const average = values.reduce((sum, value) => sum + value, 0) / count;
  const squares = values.reduce((sum, value) => sum + (value - average) ** 2, 0);
  const differences = values.reduce(
    (sum, value, index) => (index === 0 ? 0 : sum + Math.abs(value - values[index - 1]!)),
    0,
  );
  return {
    count,
    last,
    average,
    best: sorted[0]!,
    worst: sorted[count - 1]!,
    deviation: count > 1 ? Math.sqrt(squares / (count - 1)) : 0,
    jitter: count > 1 ? differences / (count - 1) : 0,
    p50: at(50),
    p90: at(90),
    p99: at(99),
  };
}
