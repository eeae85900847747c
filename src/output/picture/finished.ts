/** A diagnosis that has come to its end, as it stays in the scrollback or in a file. */
import type { Glyphs } from '../glyphs.ts';
import type { Line } from '../line/span.ts';
import type { Run } from '../run.ts';
import { pathLines, titleLine } from './path.ts';
import { pathBeside } from './path-beside.ts';
import { type VerdictOptions, verdictLines } from './verdict.ts';

/** Above this prose gets hard to read, and the path has all the room it needs. */
const PROSE = 110;

export function finishedLines(
  run: Run,
  columns: number,
  glyphs: Glyphs,
  options: Pick<VerdictOptions, 'hint' | 'all'> & { readonly besideHop?: boolean } = {},
): Line[] {
  if (run.diagnosis === null) return [];
  const path = (options.besideHop ? pathBeside : pathLines)(run, columns, glyphs);
  return [
    titleLine(run, columns, glyphs),
    [],
    ...path,
    ...(path.length > 0 ? [[]] : []),
    ...verdictLines(run.diagnosis, { columns: Math.min(columns, PROSE), glyphs, ...options }),
    [],
  ];
}
