/** The path with the hop that matters now beside it, where the screen is wide enough. */
import type { Hop } from '../../model/path.ts';
import type { Glyphs } from '../glyphs.ts';
import { type Line, row } from '../line/span.ts';
import { lineWidth } from '../line/width.ts';
import { countsOf, type Run } from '../run.ts';
import { beside } from './beside.ts';
import { hopLines } from './hop.ts';
import { pathLines } from './path.ts';
import { stopIndex, viewOf } from './view.ts';

/** From so many columns on both fit: a terminal of 120, whose last column is left free. */
export const WIDE = 119;
/** What an IPv6 address with its label takes. */
const DETAIL = 46;
const GAP = 3;

/** Where packets stop; while that is not known, the furthest that a request has come. */
export function hopInFocus(run: Run): Hop | undefined {
  const hops = run.path?.hops ?? [];
  const view = viewOf(run);
  const stop = run.diagnosis && view ? stopIndex(view, run.diagnosis) : null;
  if (stop !== null) return hops[Math.max(0, stop - 1)];
  return hops.findLast(({ id }) => countsOf(run, id).request > 0) ?? hops[0];
}

/** The path, and beside it everything known of a hop; the path alone on a narrower screen. */
export function pathBeside(run: Run, columns: number, glyphs: Glyphs, hop = hopInFocus(run)): Line[] {
  if (columns < WIDE || hop === undefined) return pathLines(run, columns, glyphs);
  const path = pathLines(run, columns, glyphs, hop.id);
  const room = columns - GAP - DETAIL;
  const left = Math.max(0, ...path.map(lineWidth)) <= room ? path : pathLines(run, room, glyphs, hop.id);
  const width = Math.max(...left.map(lineWidth));
  return beside(left, [row(hop.id, 'strong'), ...hopLines(hop, run, columns - width - GAP)], width);
}
