/** Places and moments of a watch, in words. */
import { clockText as toMicroseconds } from '../../capture/text/clock.ts';
import { plain } from '../../words/text.ts';
import type { Change } from '../change/change.ts';
import type { Course } from '../question.ts';
import type { Reason } from '../reasons.ts';
import type { Lost } from '../trial.ts';

/** `15:24:25.697`, local time. */
export const clockText = (at: bigint): string => toMicroseconds(at).slice(0, -3);

export function labelOf({ hops, target }: Course, hop: number): string {
  const one = hops[hop];
  if (!one) return hop < 0 ? 'the program' : 'beyond';
  return plain(one.where === 'container' ? `${one.name}@${target.name}` : one.name);
}

export function placeText(course: Course, { direction, after, before }: Lost): string {
  if (direction === 'beyond') return `beyond ${labelOf(course, after)}`;
  const what = direction === 'request' ? 'request' : 'answer';
  return `${what} between ${labelOf(course, after)} and ${labelOf(course, before)}`;
}

/** Why, as far as somebody said so; empty where nobody did. */
export function reasonText({ dropped, rule }: Reason, says: string | null): string {
  const drop = dropped && `${dropped.reason}${dropped.function ? ` at ${dropped.function}` : ''}`;
  const by = rule && `${rule.table} ${rule.chain}: ${rule.text}`;
  return [drop, by, says]
    .filter((one) => one !== null)
    .map(plain)
    .join(', ');
}

/** `host ip_forward: 1 → 0`, `host address 10.0.0.1/24 at br0: gone (was there)`. */
export function changeText({ where, what, before, after }: Change, arrow: string): string {
  const whose = where === 'other' ? 'other side' : where;
  const told =
    before === null
      ? after === 'there'
        ? 'new'
        : `new: ${after}`
      : after === null
        ? before === 'there'
          ? 'gone'
          : `gone: ${before}`
        : `${before} ${arrow} ${after}`;
  return plain(`${whose} ${what}: ${told}`);
}
