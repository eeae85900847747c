/**
 * One row for each hop: what is lost on the leg that leads to it, and how long it takes, out and back.
 *
 *     hop                     out lost           delay   back lost        delay   last 40
 *   ✓ eth0@web                0 %                33 us   0 %             1.7 us   ▁▁▂▁▃▁▁▁
 *   ✗ eth0                    1.2 % (0.7–2.1)    20 us   0 %             5.1 us   ▁✗▁▁▂▁▁▁
 */
import { type Line, row, type Span, span, type Tone } from '../../output/line/span.ts';
import { cell, lineWidth, widthOf } from '../../output/line/width.ts';
import type { Way } from '../tally.ts';
import { labelOf } from '../text/labels.ts';
import { lossText, timeText } from '../text/numbers.ts';
import { sparkOf } from './spark.ts';
import type { View } from './view.ts';

interface Column {
  readonly head: string;
  readonly cells: readonly { readonly text: string; readonly tone: Tone }[];
  readonly right: boolean;
  /** Left out first on a narrow screen: the highest. */
  readonly rank: number;
}

const GAP = 2;
/** Cells that a row of small bars has at least, where there is one; on a wide screen no more than the most. */
const SPARK = { least: 8, most: 60 };
const NAME = 'hop';

/** Rows of legs, as many as there are hops and one for what lies beyond. */
export function tableOf(view: View): Line[] {
  const legs = [...view.course.hops.keys(), view.course.hops.length];
  const columns = fitting(columnsFor(view, legs), view.columns);
  const taken = columns.reduce((sum, column) => sum + widthOfColumn(column) + GAP, 2) - GAP;
  const left = view.columns - taken - GAP;
  const spark = left >= SPARK.least ? Math.min(SPARK.most, left) : 0;
  const glances = spark > 0 ? view.last(spark) : [];
  const heads = columns.map((column) => padded(column, column.head, 'dim'));
  const head: Line = [
    span('  '),
    ...spaced(heads),
    ...(spark > 0 ? [span(`  last ${glances.length}`, 'dim')] : []),
  ];
  const rows = legs.map((leg): Line => {
    const cells = columns.map((column) => padded(column, column.cells[leg]!.text, column.cells[leg]!.tone));
    const bars: Line = spark > 0 ? [span(' '.repeat(GAP)), ...sparkOf(glances, leg, view.glyphs)] : [];
    return [...markOf(view, leg), ...spaced(cells), ...bars];
  });
  return [head, ...rows].map((line) => trimmed(line));
}

function markOf({ course, told, chosen, glyphs }: View, leg: number): Line {
  if (chosen === leg) return [span(glyphs.chosen, 'accent'), span(' ')];
  if (leg < course.hops.length && !course.watched[leg]) return [span(glyphs.unsure, 'warn'), span(' ')];
  const lost = told.request[leg]!.lost + told.reply[leg]!.lost;
  return [lost > 0 ? span(glyphs.bad, 'bad') : span(glyphs.good, 'good'), span(' ')];
}

function columnsFor({ course, told, columns }: View, legs: readonly number[]): Column[] {
  const beyond = course.hops.length;
  const isBlind = (leg: number): boolean => leg < beyond && !course.watched[leg];
  const numbers = (
    head: string,
    ways: readonly Way[],
    text: (way: Way) => string,
    rank: number,
    isLoss = false,
  ): Column => ({
    head,
    rank,
    right: !isLoss,
    cells: legs.map((leg) => {
      const way = ways[leg]!;
      const shown = isBlind(leg) || (ways === told.reply && leg === beyond) ? '' : text(way);
      return { text: shown, tone: isLoss && way.lost > 0 ? 'bad' : 'plain' };
    }),
  });
  const delay = (key: 'average' | 'p99') => (way: Way) => (way.delay ? timeText(way.delay[key]) : '');
  const loss = (way: Way) => lossText(way, columns >= 100);
  const name: Column = {
    head: NAME,
    rank: 0,
    right: false,
    cells: legs.map((leg) => ({
      text: labelOf(course, leg),
      tone: isBlind(leg) ? 'dim' : 'strong',
    })),
  };
  return [
    name,
    numbers('out lost', told.request, loss, 1, true),
    numbers('takes', told.request, delay('average'), 3),
    numbers('p99', told.request, delay('p99'), 5),
    numbers('back lost', told.reply, loss, 2, true),
    numbers('takes', told.reply, delay('average'), 4),
    numbers('p99', told.reply, delay('p99'), 6),
  ];
}

const widthOfColumn = ({ head, cells }: Column): number =>
  Math.max(widthOf(head), ...cells.map(({ text }) => widthOf(text)));

/** Without those for which there is no room, and the name cut where even the rest is too wide. */
function fitting(all: readonly Column[], columns: number): readonly Column[] {
  const width = (some: readonly Column[]): number =>
    some.reduce((sum, column) => sum + widthOfColumn(column) + GAP, 2) + (columns > 60 ? SPARK.least : -GAP);
  let some = all;
  while (width(some) > columns && some.length > 3) {
    const last = Math.max(...some.map(({ rank }) => rank));
    some = some.filter(({ rank }) => rank !== last);
  }
  const over = width(some) - columns;
  if (over <= 0) return some;
  const [name, ...rest] = some as [Column, ...Column[]];
  const room = Math.max(4, widthOfColumn(name) - over);
  return [
    { ...name, cells: name.cells.map(({ text, tone }) => ({ text: cell(text, room).trimEnd(), tone })) },
    ...rest,
  ];
}

function padded(column: Column, text: string, tone: Tone): Span {
  const width = widthOfColumn(column);
  return span(column.right ? ' '.repeat(width - widthOf(text)) + text : cell(text, width), tone);
}

const spaced = (spans: readonly Span[]): Line =>
  spans.flatMap((one, index) => (index === 0 ? [one] : [span(' '.repeat(GAP)), one]));

/** Without spaces at its end. */
function trimmed(line: Line): Line {
  const last = line.at(-1);
  if (!last || lineWidth(line) === 0) return row('');
  const text = last.text.trimEnd();
  return text === '' ? trimmed(line.slice(0, -1)) : [...line.slice(0, -1), span(text, last.tone)];
}
