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

/** `200 ms`, `1.5 s`, `4 min`, `2.1 h`. */
export function secondsText(seconds: number): string {
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 120) return `${Number(seconds.toFixed(seconds < 10 ? 1 : 0))} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

/** `0 %`, `1.2 %`, with the interval where there is room; empty where nothing was tried. */
export const lossText = (way: Rate, wide: boolean): string =>
  way.rate === null ? '' : way.rate === 0 || !wide ? percent(way.rate) : rateText(way);
