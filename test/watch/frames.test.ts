import { expect, it } from 'vitest';
import type { Seen } from '../../src/capture/spot.ts';
import { Frames } from '../../src/watch/save/frames.ts';

const SECOND = 1_000_000_000n;
const framed = (seconds: number, spot = 0, size = 100) => {
  const at = BigInt(Math.round(seconds * 1e9));
  const seen: Seen = {
    spot,
    at,
    direction: 'in',
    type: 0x0800,
    header: 14,
    bytes: new Uint8Array(size),
    length: size,
  };
  return { seen, journey: { id: 1n, steps: [{ spot, at, direction: 'in' as const, ends: null }] } };
};
const times = (all: ReturnType<Frames['take']>): number[] => all.map(({ seen }) => Number(seen.at) / 1e9);

it('keeps the second before and after a loss, also where that is learned later', () => {
  const frames = new Frames(3n * SECOND);
  frames.add([0, 1, 2, 2.9, 3].map((at) => framed(at)));
  frames.want(3n * SECOND);
  frames.add([3.5, 4, 4.1, 5].map((at) => framed(at)));
  expect(times(frames.take(4n * SECOND))).toEqual([]);
  expect(times(frames.take(6n * SECOND))).toEqual([2, 2.9, 3]);
  expect(times(frames.rest())).toEqual([3.5, 4]);
  expect(frames.forgotten).toBe(0);
});

it('hands over each once, where two losses are near', () => {
  const frames = new Frames(2n * SECOND);
  frames.add([1, 1.5, 2].map((at) => framed(at)));
  frames.want(SECOND);
  frames.want(2n * SECOND);
  expect(times(frames.rest())).toEqual([1, 1.5, 2]);
  expect(frames.rest()).toEqual([]);
});

it('forgets the oldest where more comes than it has room for, and counts them', () => {
  const frames = new Frames(60n * SECOND);
  frames.add(Array.from({ length: 600 }, (_, index) => framed(index / 100, 0, 40_000)));
  frames.take(6n * SECOND);
  expect(frames.forgotten).toBeGreaterThan(100);
  expect(frames.forgotten).toBeLessThan(300);
});

it('finds the frame of a moment at its spot', () => {
  const frames = new Frames(60n * SECOND);
  frames.add([framed(1, 0), framed(1.00001, 1), framed(1.0001, 0)]);
  expect(frames.nearest(0, SECOND + 90_000n, 50_000n)?.seen.at).toBe(1_000_100_000n);
  expect(frames.nearest(1, SECOND, 5000n)).toBeUndefined();
});

it('keeps what is around losses that follow each other, however many, each frame once', () => {
  const frames = new Frames(10n * SECOND);
  frames.add([0, 1, 2, 3, 4, 5, 6].map((at) => framed(at)));
  for (const at of [2, 2.5, 2.2, 5.6]) frames.want(BigInt(at * 1e9));
  frames.add([6.5, 6.7, 7].map((at) => framed(at)));
  expect(times(frames.rest())).toEqual([1, 2, 3, 5, 6, 6.5]);
});
