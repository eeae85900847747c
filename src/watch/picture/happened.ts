/** Why packets were lost, and what changed beside it. */
import { type Line, row, span } from '../../output/line/span.ts';
import { paragraph } from '../../output/line/wrap.ts';
import { count } from '../../words/text.ts';
import { apart, endedBy, type Happened, type Happenings } from '../happenings.ts';
import { changeText, clockText, placeText, reasonText } from '../text/labels.ts';
import { secondsText } from '../text/numbers.ts';
import type { View } from './view.ts';

/** Each reason with how often; the most frequent first. */
export function reasonsOf({ happenings, columns }: View, most: number): Line[] {
  const all = [...happenings.reasons.values()].toSorted((a, b) => b.count - a.count);
  const width = Math.max(...all.slice(0, most).map((one) => String(one.count).length));
  const lines = all.slice(0, most).flatMap(({ course, lost, dropped, rule, says, count: times }) => {
    const why = reasonText({ dropped, rule }, says);
    const label = `  ${String(times).padStart(width)} × `;
    return paragraph(label, `${placeText(course, lost)}${why && `: ${why}`}`, columns);
  });
  if (lines.length === 0) return [];
  return [row('lost', 'strong'), ...lines, ...moreOf(all.length - most)];
}

/** What changed, the newest last, each with the loss beside it. */
export function changesOf(view: View, most: number): Line[] {
  const { happenings, columns, glyphs } = view;
  const all = happenings.changes.toSorted((a, b) => Number(a.change.near) - Number(b.change.near));
  const shown = all.slice(-most).toSorted((a, b) => (a.change.at < b.change.at ? -1 : 1));
  if (shown.length === 0) return [];
  const lines = shown.flatMap((happened) => {
    const { change } = happened;
    const text = `${changeText(change, glyphs.arrow)}${besideText(happened, happenings)}`;
    return paragraph(`  ${clockText(change.at)}  `, text, columns, change.near ? 'plain' : 'dim');
  });
  return [row('changed', 'strong'), ...lines, ...moreOf(happenings.changeCount - shown.length)];
}

function besideText(happened: Happened, all: Happenings): string {
  const { beside } = happened;
  const ended = endedBy(happened, all);
  if (beside) {
    const after = Number(apart(happened, beside)) / 1e9;
    const when = `${secondsText(Math.abs(after))} ${after < 0 ? 'before it was seen' : 'after it'}`;
    return `: ${count(beside.count, 'probe')} lost, from ${when}`;
  }
  return ended ? `: ${count(ended.count, 'probe')} lost until then` : '';
}

const moreOf = (left: number): Line[] => (left > 0 ? [[span(`  and ${left} more`, 'dim')]] : []);
