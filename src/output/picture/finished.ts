/** A diagnosis that has come to its end, as it stays in the scrollback. */

import type { Glyphs } from '../glyphs.ts';
import type { Line } from '../line/span.ts';
import type { Run } from '../run.ts';
import { pathLines, titleLine } from './path.ts';
import { verdictLines } from './verdict.ts';

export function finishedLines(run: Run, columns: number, glyphs: Glyphs): Line[] {
  if (run.diagnosis === null) return [];
  // Above 110 columns prose gets hard to read, and the path has all the room it needs.
  const verdict = verdictLines(run.diagnosis, Math.min(columns, 110), glyphs);
  return [titleLine(run, columns, glyphs), [], ...pathLines(run, columns, glyphs), [], ...verdict, []];
}
