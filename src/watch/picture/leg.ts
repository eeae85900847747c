/** All that is known of one leg. */
import { type Line, row } from '../../output/line/span.ts';
import { paragraph } from '../../output/line/wrap.ts';
import type { Way } from '../tally.ts';
import { labelOf } from '../text/labels.ts';
import { rateText, timeText } from '../text/numbers.ts';
import type { View } from './view.ts';

export function legOf({ course, told, chosen, columns }: View): Line[] {
  if (chosen === null) return [];
  const hops = course.hops.length;
  const from = labelOf(course, chosen === 0 ? -1 : course.watched.lastIndexOf(true, chosen - 1));
  const title = chosen === hops ? `beyond ${from}` : `between ${from} and ${labelOf(course, chosen)}`;
  const ways: readonly (readonly [string, Way])[] =
    chosen === hops
      ? [['both ways  ', told.request[chosen]!]]
      : [
          ['out   ', told.request[chosen]!],
          ['back  ', told.reply[chosen]!],
        ];
  return [
    row(title, 'strong'),
    ...ways.flatMap(([label, way]) => paragraph(`  ${label}`, wayText(way), columns)),
  ];
}

function wayText(way: Way): string {
  const { tried, lost, delay } = way;
  if (tried === 0) return 'no packet came so far';
  const counts = `${lost} of ${tried} lost, ${rateText(way)}`;
  if (!delay) return counts;
  const t = timeText;
  return `${counts}; last ${t(delay.last)}, average ${t(delay.average)}, best ${t(delay.best)}, worst ${t(delay.worst)}, deviation ${t(delay.deviation)}, jitter ${t(delay.jitter)}, p50 ${t(delay.p50)}, p90 ${t(delay.p90)}, p99 ${t(delay.p99)}`;
}
