/** What the run is doing, what it waits for, and how long at most. */
import { plain } from '../../model/words.ts';
import { type Line, row } from '../../output/line/span.ts';
import type { Run } from '../../output/run.ts';

/** Seconds with one digit; tenths of a second are as fine as anybody watches. */
const seconds = (milliseconds: number): string =>
  milliseconds < 1000 ? `${milliseconds} ms` : `${(milliseconds / 1000).toFixed(1)} s`;

/** What the run is doing, in words. */
export function progressWords(run: Run, target: string): string {
  if (run.target === null) return `Looking for ${plain(target)}`;
  if (run.path === null) return 'Asking the kernel for the path';
  if (run.waiting !== null)
    return `Waiting for ${plain(run.waiting.what)}, at most ${seconds(run.waiting.milliseconds)}`;
  if (run.sent > 0) return `Probe ${run.sent} of ${run.of}`;
  const ready = Object.keys(run.armed).length;
  return `Starting captures: ${ready} of ${run.path.hops.length}`;
}

export function progressLine(run: Run, target: string, elapsed: number): Line {
  // Nobody needs a clock for what is over before they could read it.
  const clock = elapsed >= 300 ? ` (${(elapsed / 1000).toFixed(1)} s)` : '';
  return row(`${progressWords(run, target)}${clock}`, 'dim');
}
