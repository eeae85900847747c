/**
 * The whole screen of a watch.
 *
 *   web → 198.51.100.1  icmp every 200 ms  for 12 min
 *     hop  …the table…
 *   ✗ 12 of 3720 probes lost: 0.32 % (0.18–0.56), at random
 *   lost      how often, where and why
 *   changed   when, what, and beside which loss
 *   space freeze · c clear · w window · n next hop · q end
 */
import { destination } from '../../model/flow.ts';
import { asciiLine } from '../../output/line/ascii.ts';
import { type Line, row, span } from '../../output/line/span.ts';
import { cut } from '../../output/line/width.ts';
import { plain } from '../../words/text.ts';
import { secondsText } from '../text/numbers.ts';
import { changesOf, reasonsOf } from './happened.ts';
import { legOf } from './leg.ts';
import { tableOf } from './table.ts';
import { totalsOf } from './totals.ts';
import type { View } from './view.ts';

const KEYS = ['space freeze', 'c clear', 'w window', 'n next hop', 'q end'];
const SHORT_KEYS = ['space', 'c', 'w', 'n', 'q'];

export function headOf({ course, interval, elapsed, isFrozen, glyphs }: View): Line {
  const { target, flow } = course;
  return [
    span(`${plain(target.name)} ${glyphs.arrow} ${destination(flow)}`, 'strong'),
    span(`  ${flow.proto} every ${secondsText(interval)}  for ${secondsText(elapsed)}`, 'dim'),
    ...(isFrozen ? [span('  frozen', 'warn')] : []),
  ];
}

/** `rows`: of the terminal, of which one stays free. What does not fit is left out from the least telling part. */
export function screenOf(view: View, rows: number): Line[] {
  const { columns, glyphs } = view;
  const keys = columns < 60 ? SHORT_KEYS : KEYS;
  const fixed = [headOf(view), row(''), ...tableOf(view), row(''), ...totalsOf(view)];
  const foot = [row(keys.join(' · '), 'dim')];
  const room = Math.max(0, rows - 1 - fixed.length - foot.length);
  const parts = [legOf(view), reasonsOf(view, MOST), changesOf(view, MOST)].filter(
    ({ length }) => length > 0,
  );
  const middle: Line[] = [];
  for (const [at, part] of parts.entries()) {
    // Each part has its share of what is left.
    const share = Math.floor((room - middle.length) / (parts.length - at));
    const shown = part.length < share ? part : [part[0]!, ...part.slice(1).slice(-Math.max(0, share - 2))];
    if (share >= 2) middle.push(row(''), ...shown);
  }
  const lines = [...fixed, ...middle.slice(0, room), ...foot].slice(0, Math.max(1, rows - 1));
  return lines.map((line) => cut(glyphs.ascii ? asciiLine(line) : line, columns, glyphs.more));
}

const MOST = 8;

/** The same at its end, with nothing left out and no keys. */
export const endOf = (view: View): Line[] => [
  ...tableOf(view),
  ...totalsOf(view),
  ...reasonsOf(view, MOST * 4),
  ...changesOf(view, MOST * 4),
];
