import { describe, expect, test } from 'vitest';
import { legOf, measure } from '../../src/watch/measured.ts';
import { placeOf, type Trial } from '../../src/watch/trial.ts';

/** `x`: seen, so many microseconds after the one before it; `.`: not seen. */
const seen = (marks: string, from: number): (bigint | null)[] =>
  [...marks].map((mark, hop) => (mark === 'x' ? BigInt(from + hop * 1000) : null));
const back = (marks: string): (bigint | null)[] =>
  [...marks].map((mark, hop) => (mark === 'x' ? BigInt(100_000 - hop * 2000) : null));

const all = [true, true, true, true];

describe('where a packet was lost', () => {
  test.each([
    ['xx..', '....', all, { direction: 'request', after: 1, before: 2 }],
    ['....', '....', all, { direction: 'request', after: -1, before: 0 }],
    ['xxxx', '....', all, { direction: 'beyond', after: 3, before: 4 }],
    ['xxxx', '..xx', all, { direction: 'reply', after: 2, before: 1 }],
    ['xxxx', 'xxxx', all, { direction: 'reply', after: 0, before: -1 }],
    // Nobody looks at the third: it may be there, or behind it.
    ['xx..', '....', [true, true, false, true], { direction: 'request', after: 1, before: 3 }],
    ['xx.x', '...x', [true, true, false, true], { direction: 'reply', after: 3, before: 1 }],
    // Not seen at the second, and yet further: it was not lost there.
    ['x.x.', '....', all, { direction: 'request', after: 2, before: 3 }],
    ['xx..', '....', [true, true, false, false], { direction: 'beyond', after: 1, before: 4 }],
  ])('%s and back %s', (request, reply, watched, place) => {
    expect(placeOf({ request: seen(request, 0), reply: back(reply) }, watched)).toEqual(place);
  });
});

const trial = (request: string, reply: string, result: Trial['result'], watched = all): Trial => {
  const ways = { request: seen(request, 1000), reply: back(reply) };
  const answered = result === 'answered';
  return {
    ...{ number: 0, at: 0n, ...ways, result, says: null, trip: null },
    lost: answered ? null : placeOf(ways, watched),
  };
};

describe('what it says of each leg', () => {
  test('of one that was answered, every delay', () => {
    const { tried, delay, lost } = measure(trial('xxxx', 'xxxx', 'answered'), all);
    expect(tried).toEqual({ request: Array(5).fill(true), reply: [true, true, true, true, false] });
    expect(delay.request).toEqual([1000, 1000, 1000, 1000, 90_000]);
    expect(delay.reply).toEqual([Number.NaN, 2000, 2000, 2000, Number.NaN]);
    expect(lost).toBeNull();
  });

  test('of one that was lost on its way out, nothing behind that', () => {
    const { tried, delay } = measure(trial('xx..', '....', 'silent'), all);
    expect(tried.request).toEqual([true, true, true, false, false]);
    expect(tried.reply).toEqual(Array(5).fill(false));
    expect(delay.request).toEqual([1000, 1000, Number.NaN, Number.NaN, Number.NaN]);
  });

  test('of one whose answer was lost, the leg behind the last sighting, and none that it did not reach', () => {
    const { tried, lost } = measure(trial('xxxx', '..xx', 'silent'), all);
    expect(tried.request).toEqual(Array(5).fill(true));
    expect(tried.reply).toEqual([false, false, true, true, false]);
    expect(legOf(lost!)).toBe(2);
  });

  test('a hop that nobody looks at has no leg of its own', () => {
    const watched = [true, false, true, true];
    const { tried, delay } = measure(trial('x.xx', 'x.xx', 'answered', watched), watched);
    expect(tried.request).toEqual([true, false, true, true, true]);
    expect(delay.request).toEqual([1000, Number.NaN, 2000, 1000, 90_000]);
    expect(delay.reply).toEqual([Number.NaN, Number.NaN, 4000, 2000, Number.NaN]);
  });

  test('one that its own host refused to send was lost on the first leg, and so was tried there', () => {
    const { tried, lost } = measure(trial('....', '....', 'unsent'), all);
    expect(tried.request).toEqual([true, false, false, false, false]);
    expect(legOf(lost!)).toBe(0);
  });
});
