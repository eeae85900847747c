/** The whole of a watch, as it is told at its end. */
import type { Glyphs } from '../../output/glyphs.ts';
import { asciiLine } from '../../output/line/ascii.ts';
import type { Line } from '../../output/line/span.ts';
import { paragraph } from '../../output/line/wrap.ts';
import type { Ledger } from '../ledger.ts';
import { endOf } from '../picture/screen.ts';
import type { Ended } from '../question.ts';
import { endNotes } from './notes.ts';

/** `interval`: seconds between two probes. */
export function endLines(
  ledger: Ledger,
  ended: Ended,
  {
    interval,
    glyphs,
    columns,
  }: { readonly interval: number; readonly glyphs: Glyphs; readonly columns: number },
): Line[] {
  const { course, happenings } = ledger;
  if (course === null) return [];
  const lines = endOf({
    course,
    told: ledger.whole(),
    window: null,
    happenings,
    last: (count) => ledger.last(count),
    elapsed: 0,
    interval,
    chosen: null,
    isFrozen: false,
    glyphs,
    columns,
  });
  const notes = endNotes(ended).flatMap((note) => paragraph('', note, columns));
  return [...lines, ...notes].map((line) => (glyphs.ascii ? asciiLine(line) : line));
}
