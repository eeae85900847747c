/**
 * Are losses strewn at random, or do they come together? The runs test: A. Wald and J. Wolfowitz, Annals of Mathematical
 * Statistics 11 (1940), 147-162. Losses are rare, and its normal approximation is then wrong by far: what is asked here is the
 * exact distribution of the number of runs of losses, given how many were lost and how many came through.
 */

export type Pattern = 'none' | 'all' | 'unclear' | 'random' | 'bursts';

export interface Sequence {
  readonly lost: number;
  readonly passed: number;
  /** Runs of losses: losses with none between them that came through. */
  readonly runs: number;
}

export interface Verdict {
  readonly pattern: Pattern;
  /** How likely so few runs are where losses are strewn at random; null where there is nothing to tell apart. */
  readonly p: number | null;
}

/** A wrong alarm in a thousand. */
const LEVEL = 0.001;
/** From here on the normal approximation is right, and the sum would be long. */
const MANY = 1000;

/**
 * `unclear`: too few were lost for any order of them to tell; a single loss, above all. `random`: nothing speaks against it.
 */
export function runsTest({ lost, passed, runs }: Sequence): Verdict {
  if (lost === 0) return { pattern: 'none', p: null };
  if (passed === 0) return { pattern: 'all', p: null };
  const p = atMost(runs, lost, passed);
  if (p < LEVEL) return { pattern: 'bursts', p };
  return { pattern: atMost(1, lost, passed) < LEVEL ? 'random' : 'unclear', p };
}

/** Probability of so few runs of losses, or fewer. */
function atMost(runs: number, lost: number, passed: number): number {
  if (lost > MANY && passed > MANY) return normal(runs, lost, passed);
  // Of all orders, those with r runs of losses: C(lost-1, r-1) · C(passed+1, r).
  const all = choose(lost + passed, lost);
  let sum = 0;
  for (let r = 1; r <= Math.min(runs, passed + 1); r++)
    sum += Math.exp(choose(lost - 1, r - 1) + choose(passed + 1, r) - all);
  return Math.min(1, sum);
}

/** Mean and variance of the number of runs of losses: W. L. Stevens, Annals of Eugenics 9 (1939), 10-17. */
function normal(runs: number, lost: number, passed: number): number {
  const all = lost + passed;
  const mean = (lost * (passed + 1)) / all;
  const variance = (lost * (lost - 1) * (passed + 1) * passed) / (all * all * (all - 1));
  return below((runs + 0.5 - mean) / Math.sqrt(variance));
}

/** Logarithm of the binomial coefficient. */
const choose = (n: number, k: number): number => logFactorial(n) - logFactorial(k) - logFactorial(n - k);

/** Stirling's series; right to twelve digits from 10 on. */
function logFactorial(n: number): number {
  if (n < 10) {
    let product = 1;
    for (let factor = 2; factor <= n; factor++) product *= factor;
    return Math.log(product);
  }
  const x = n + 1;
  return (
    (x - 0.5) * Math.log(x) -
    x +
    0.5 * Math.log(2 * Math.PI) +
    1 / (12 * x) -
    1 / (360 * x ** 3) +
    1 / (1260 * x ** 5)
  );
}

/** Of the standard normal distribution: Abramowitz and Stegun, 26.2.17, right to 7.5e-8. */
function below(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const series =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const tail = (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * series;
  return z < 0 ? tail : 1 - tail;
}
