// Which packets are of the probe that was sent first, and which of its repetition: a SYN that nobody answers is sent again after
// a second, and the sender is answered then.
import { describe, expect, it } from 'vitest';
import type { SightingKind } from '../../src/model/sighting.ts';
import type { Trial } from '../../src/watch/trial.ts';
import { UnderWay } from '../../src/watch/under-way.ts';
import type { Way } from '../../src/watch/way.ts';
import { began, course } from './trials.ts';

const MS = 1_000_000n;
const PATIENCE = 950n * MS;
const GRACE = 110n * MS;
/** Of the clock that the program reads; stamps of the kernel count from `began`. */
const SENT = 77n * MS;

const way = { course } as Way;

/** A packet at the hop of that number; `at`: milliseconds since the probe was sent. */
type Sighting = readonly [at: number, kind: SightingKind, hop: number];

interface Story {
  readonly seen: readonly Sighting[];
  /** When the program has its answer, and when that is heard: milliseconds since it was sent. */
  readonly outcome?: { readonly result: 'answered' | 'refused'; readonly heard: number };
}

function settle({ seen, outcome }: Story): Trial {
  const underWay = new UnderWay(PATIENCE, GRACE);
  underWay.add(0, { sent: SENT, at: began }, way);
  // What its socket says is heard before what its hops saw is read.
  if (outcome) {
    const { result, heard } = outcome;
    const errno = result === 'refused' ? 'ECONNREFUSED' : null;
    underWay.hear({ probe: 0, result, microseconds: 80, errno, says: null }, SENT + BigInt(heard) * MS);
  }
  for (const [at, kind, hop] of seen)
    underWay.see({ probe: 0, kind, says: null }, way, hop, began + BigInt(Math.round(at * 1e6)));
  const [settled, ...more] = underWay.settled(SENT + 5000n * MS);
  expect(more).toEqual([]);
  return settled!.trial;
}

const out = (at: number, hops = course.hops.length): Sighting[] =>
  course.hops.slice(0, hops).map((_, hop): Sighting => [at + hop * 0.01, 'request', hop]);
const back = (at: number, from = 0): Sighting[] =>
  course.hops
    .flatMap((_, hop): Sighting[] => (hop < from ? [] : [[at - hop * 0.01, 'reply', hop]]))
    .reverse();
const LAST = course.hops.length - 1;

describe('a probe that is answered', () => {
  it('took as long as the first hop saw', () => {
    const trial = settle({ seen: [...out(0.1), ...back(0.5)], outcome: { result: 'answered', heard: 2 } });
    expect(trial).toMatchObject({ result: 'answered', trip: 400_000, lost: null });
  });

  it('however late a busy machine hears of it', () => {
    const seen = [...out(0.1), ...back(0.5)];
    expect(settle({ seen, outcome: { result: 'answered', heard: 1400 } })).toMatchObject({
      result: 'answered',
      lost: null,
    });
  });

  it('even where nobody saw anything of it', () => {
    const trial = settle({ seen: [], outcome: { result: 'answered', heard: 2 } });
    expect(trial).toMatchObject({ result: 'answered', trip: 80_000, lost: null });
  });

  it('though its SYN passed an interface twice at once, as a bridge that sends it back does', () => {
    const seen: Sighting[] = [...out(0.1), [0.2, 'request', LAST], ...back(0.5)];
    expect(settle({ seen, outcome: { result: 'answered', heard: 2 } })).toMatchObject({
      result: 'answered',
      lost: null,
    });
  });
});

describe('a SYN that is answered when it is sent again', () => {
  const outcome = { result: 'answered', heard: 1001 } as const;
  const second = [...out(1000.1), ...back(1000.5)];

  it('was lost where the first was seen last', () => {
    const trial = settle({ seen: [...out(0.1, 2), ...second], outcome });
    expect(trial).toMatchObject({
      result: 'silent',
      trip: null,
      says: null,
      lost: { direction: 'request', after: 1, before: 2 },
    });
    expect(trial.request.slice(2)).toEqual(course.hops.slice(2).map(() => null));
    expect(trial.reply.every((at) => at === null)).toBe(true);
  });

  it('was lost on its way to the first hop, where that sees the second alone', () => {
    expect(settle({ seen: second, outcome }).lost).toEqual({ direction: 'request', after: -1, before: 0 });
  });

  it('was lost behind the last hop, where all of them saw it', () => {
    const trial = settle({ seen: [...out(0.1), ...second], outcome });
    expect(trial.lost).toEqual({ direction: 'beyond', after: LAST, before: LAST + 1 });
  });

  it('lost its answer, where that came back part of the way', () => {
    const trial = settle({ seen: [...out(0.1), ...back(0.5, 2), ...second], outcome });
    expect(trial.lost).toEqual({ direction: 'reply', after: 2, before: 1 });
  });

  it('lost its answer behind the first hop, where a rule of the container took it', () => {
    const trial = settle({ seen: [...out(0.1), ...back(0.5), ...second], outcome });
    expect(trial.lost).toEqual({ direction: 'reply', after: 0, before: -1 });
  });

  it('or refused: what is said of the second is not said of the first', () => {
    const trial = settle({
      seen: [...out(0.1, 2), ...second],
      outcome: { result: 'refused', heard: 1001 },
    });
    expect(trial).toMatchObject({ result: 'silent', says: null, lost: { after: 1 } });
  });
});

it('is silent where nobody answers at all', () => {
  expect(settle({ seen: out(0.1, 3) })).toMatchObject({ result: 'silent', lost: { after: 2, before: 3 } });
});
