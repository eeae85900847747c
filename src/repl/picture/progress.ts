/** What the run is doing, what it waits for, and how long at most. */

import { type Line, row } from '../../output/line/span.ts';
import { widthOf } from '../../output/line/width.ts';
import type { Run } from '../../output/run.ts';
import { plain } from '../../words/text.ts';
import { split } from '../parse.ts';
import { commandNamed } from '../registry.ts';

/** Seconds with one digit where it tells something; tenths of a second are as fine as anybody watches. */
const seconds = (milliseconds: number): string =>
  milliseconds < 1000 ? `${milliseconds} ms` : `${Number((milliseconds / 1000).toFixed(1))} s`;

/** What the run is doing, in words; the shortest that still say for how long at most. */
function words(run: Run, target: string): { long: string; short: string } {
  const same = (text: string) => ({ long: text, short: text });
  if (run.target === null) return same(`Looking for ${plain(target)}`);
  if (run.path === null) return same('Asking the kernel for the path');
  if (run.waiting !== null) {
    const most = `at most ${seconds(run.waiting.milliseconds)}`;
    return { long: `Waiting for ${plain(run.waiting.what)}, ${most}`, short: `Waiting, ${most}` };
  }
  if (run.sent > 0) return same(`Probe ${run.sent} of ${run.of}`);
  const ready = Object.keys(run.armed).length;
  return same(`Starting captures: ${ready} of ${run.path.hops.length}`);
}

export const progressWords = (run: Run, target: string): string => words(run, target).long;

/** How long something has taken; nobody needs a clock for what is over before they could read it. */
export const clock = (elapsed: number): string =>
  elapsed >= 300 ? ` (${(elapsed / 1000).toFixed(1)} s)` : '';

export function progressLine(run: Run, target: string, elapsed: number, columns: number): Line {
  const { long, short } = words(run, target);
  const fits = widthOf(long) + 8 <= columns;
  return row(`${fits ? long : short}${clock(elapsed)}`, 'dim');
}

/** What a command that takes its time waits for. */
export function busyLine(line: string, elapsed: number, columns: number): Line {
  const waits = commandNamed(split(line)[0]?.text ?? '')?.waits;
  const most = waits ? `, at most ${waits.seconds} s` : '';
  const long = waits ? `Waiting for ${waits.what}${most}` : plain(line);
  const short = waits ? `Waiting${most}` : plain(line);
  return row(`${widthOf(long) + 8 <= columns ? long : short}${clock(elapsed)}`, 'dim');
}
