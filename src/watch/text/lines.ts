/** A watch in plain text: what it watches, each loss as it is known, and the whole at its end. */

import { destination } from '../../model/flow.ts';
import { columnsOf } from '../../output/line/columns.ts';
import { count, plain } from '../../words/text.ts';
import type { Ledger } from '../ledger.ts';
import type { Course, Ended, Loss } from '../question.ts';
import type { Told, Way } from '../tally.ts';
import type { Lost } from '../trial.ts';
import { percent, rateText, timeText } from './numbers.ts';

const BITS_OF_TIME = 6;

/** `15:24:25.697738`, local time. */
export function clockText(at: bigint): string {
  const day = new Date(Number(at / 1_000_000n));
  const two = (value: number): string => String(value).padStart(2, '0');
  const part = String((at % 1_000_000_000n) / 1000n).padStart(BITS_OF_TIME, '0');
  return `${two(day.getHours())}:${two(day.getMinutes())}:${two(day.getSeconds())}.${part}`;
}

export const labelOf = ({ hops, target }: Course, hop: number): string => {
  const one = hops[hop];
  if (!one) return hop < 0 ? 'the program' : 'beyond';
  return plain(one.where === 'container' ? `${one.name}@${target.name}` : one.name);
};

export function beginningText(course: Course, interval: number): string {
  const { target, flow, hops, blind } = course;
  const notes = [...blind].map(
    ([hop, because]) => `nobody looks at ${labelOf(course, hop)}: ${plain(because)}\n`,
  );
  return `watching ${plain(target.name)} → ${plain(destination(flow))} by ${flow.proto} every ${interval * 1000} ms, at ${hops.map((_, hop) => labelOf(course, hop)).join(', ')}\n${notes.join('')}`;
}

export function placeText(course: Course, { direction, after, before }: Lost): string {
  if (direction === 'beyond') return `beyond ${labelOf(course, after)}: no answer came`;
  const what = direction === 'request' ? 'the request' : 'the answer';
  return `${what}, between ${labelOf(course, after)} and ${labelOf(course, before)}`;
}

export function lossText(course: Course, { trial, lost, dropped, rule }: Loss): string {
  const says = trial.says === null ? '' : ` (${plain(trial.says)})`;
  const drop = dropped ? `  ${dropped.reason}${dropped.function ? ` at ${dropped.function}` : ''}` : '';
  const by = rule ? `  ${plain(rule.text)}` : '';
  return `${clockText(trial.at)} lost ${placeText(course, lost)}${says}${drop}${by}\n`;
}

const delayText = ({ delay }: Pick<Way, 'delay'>): string =>
  delay ? `${timeText(delay.average)} (${timeText(delay.p50)} / ${timeText(delay.p99)})` : '';

const wayCells = (way: Way): string[] => [way.tried === 0 ? '' : rateText(way), delayText(way)];

export function tableOf(course: Course, told: Told, columns: number): string[] {
  const rows = course.hops.map((_, hop) =>
    course.watched[hop]
      ? [labelOf(course, hop), ...wayCells(told.request[hop]!), ...wayCells(told.reply[hop]!)]
      : [labelOf(course, hop), '?', '', '?', ''],
  );
  const beyond = ['beyond', ...wayCells(told.request.at(-1)!), '', ''];
  const head = ['hop', 'requests lost', 'delay (p50 / p99)', 'answers lost', 'delay (p50 / p99)'];
  return columnsOf([head, ...rows, beyond], columns);
}

const PATTERNS = {
  none: '',
  all: '',
  unclear: ', too few to say whether at random',
  random: ', at random',
  bursts: ', in bursts',
} as const;

/** `3 of 1000 lost: 0.30 % (0.10–0.88), at random`. */
export function totalText({ settled, answered, loss, order, trip }: Told, underWay: number): string {
  const lost = settled - answered;
  const open = underWay > 0 ? `, ${underWay} still under way` : '';
  const pattern = `${PATTERNS[order.pattern]}${order.pattern === 'bursts' ? ` (${order.bursts}, the longest of ${order.longest})` : ''}`;
  const round = trip
    ? `; answered in ${timeText(trip.average)} (${timeText(trip.best)} to ${timeText(trip.worst)})`
    : '';
  return lost === 0
    ? `${count(settled, 'probe')}, none lost (at most ${percent(loss.high)})${open}${round}`
    : `${lost} of ${count(settled, 'probe')} lost: ${rateText(loss)}${pattern}${open}${round}`;
}

export function endText(ledger: Ledger, ended: Ended, columns: number): string {
  const { course } = ledger;
  if (!course) return '';
  const told = ledger.whole();
  const missed = ended.missed.reduce((sum, one) => sum + one, 0);
  return [
    ...tableOf(course, told, columns),
    totalText(told, ended.underWay),
    ...(missed > 0 ? [`${count(missed, 'frame')} came too fast to be read: losses may be none`] : []),
    ...(ended.because ? [ended.because.message] : []),
  ]
    .map((line) => `${line}\n`)
    .join('');
}
