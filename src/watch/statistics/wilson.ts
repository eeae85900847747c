/** How sure a rate is that was seen in so many trials. */

/** Normal quantile for 95 %, both sides. */
const Z = 1.959963984540054;

export interface Rate {
  /** Of those tried, from 0 to 1; null where none was tried. */
  readonly rate: number | null;
  /** In which the true rate lies, 95 times of 100; from 0 to 1. */
  readonly low: number;
  readonly high: number;
}

/** Wilson's score interval, which holds for rare events and few trials too: E. B. Wilson, JASA 22 (1927), 209-212. */
export function wilson(lost: number, tried: number): Rate {
  if (tried === 0) return { rate: null, low: 0, high: 1 };
  const rate = lost / tried;
  const square = (Z * Z) / tried;
  const middle = rate + square / 2;
  const half = Z * Math.sqrt((rate * (1 - rate)) / tried + square / (4 * tried));
  const low = lost === 0 ? 0 : Math.max(0, (middle - half) / (1 + square));
  const high = lost === tried ? 1 : Math.min(1, (middle + half) / (1 + square));
  return { rate, low, high };
}
