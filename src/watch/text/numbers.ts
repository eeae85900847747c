/** Numbers of a watch, in words. */
import type { Rate } from '../statistics/wilson.ts';

/** `0.12 %`, `5 %`, `100 %`. */
export function percent(part: number): string {
  const value = part * 100;
  if (value === 0 || value >= 99.95) return `${Math.round(value)} %`;
  return `${value < 1 ? value.toFixed(2) : value.toFixed(1)} %`;
}

/** `1.0 % (0.6–1.7)` */
export const rateText = ({ rate, low, high }: Rate): string =>
  rate === null ? 'unknown' : `${percent(rate)} (${percent(low).slice(0, -2)}–${percent(high).slice(0, -2)})`;

/** Nanoseconds as `7 us`, `1.2 ms`, `3.1 s`: three digits. */
export function timeText(nanoseconds: number): string {
  const us = nanoseconds / 1000;
  if (us < 10) return `${us.toFixed(1)} us`;
  if (us < 1000) return `${Math.round(us)} us`;
  if (us < 1e6) return `${(us / 1000).toPrecision(3)} ms`;
  return `${(us / 1e6).toPrecision(3)} s`;
}
