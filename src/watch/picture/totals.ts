/** What is said under the table: how much was lost in all, whether at random, and how long an answer takes. */
import { type Line, row, span } from '../../output/line/span.ts';
import { paragraph } from '../../output/line/wrap.ts';
import { count } from '../../words/text.ts';
import type { Told } from '../tally.ts';
import { percent, rateText, secondsText, timeText } from '../text/numbers.ts';
import type { View } from './view.ts';

const PATTERNS = {
  none: '',
  all: '',
  unclear: ', too few to say whether at random',
  random: ', at random',
  bursts: ', in bursts',
} as const;

function patternText({ order: { pattern, bursts, longest } }: Told, interval: number): string {
  if (pattern !== 'bursts') return PATTERNS[pattern];
  return `${PATTERNS[pattern]}: ${bursts}, the longest of ${secondsText(longest * interval)}`;
}

/** `3 of 1000 probes lost: 0.30 % (0.10–0.88), at random`. */
export function lossesText(told: Told, interval: number): string {
  const { settled, answered, unsent, loss } = told;
  const lost = settled - answered;
  if (settled === 0) return 'no probe has come to an end yet';
  if (lost === 0) return `${count(settled, 'probe')}, none lost (at most ${percent(loss.high)})`;
  const refused = unsent > 0 ? `, ${unsent} of them never sent` : '';
  return `${lost} of ${count(settled, 'probe')} lost: ${rateText(loss)}${refused}${patternText(told, interval)}`;
}

export const tripText = ({ trip }: Told): string =>
  trip === null
    ? ''
    : `answered in ${timeText(trip.average)}, half in ${timeText(trip.p50)}, 99 % in ${timeText(trip.p99)}, the slowest in ${timeText(trip.worst)}`;

export function totalsOf({ told, window, interval, columns, glyphs }: View): Line[] {
  const lost = told.settled - told.answered;
  const mark = told.settled === 0 ? glyphs.idle : lost > 0 ? glyphs.bad : glyphs.good;
  const tone = told.settled === 0 ? 'dim' : lost > 0 ? 'bad' : 'good';
  const scope = window === null ? '' : `of the last ${secondsText(window)}: `;
  const [first = [], ...more] = paragraph('  ', `${scope}${lossesText(told, interval)}`, columns);
  const trip = tripText(told);
  return [
    [span(mark, tone), span(' '), ...first.slice(1)],
    ...more,
    ...(trip === '' ? [] : paragraph('  ', trip, columns)),
  ].map((line) => (line.length === 0 ? row('') : line));
}
