import { describe, expect, it, test } from 'vitest';
import { Order } from '../../../src/watch/statistics/order.ts';
import { runsTest } from '../../../src/watch/statistics/runs-test.ts';

/** A generator of its own, so that the same losses come each time: mulberry32. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function orderOf(count: number, lost: (index: number) => boolean): Order {
  const order = new Order();
  for (let index = 0; index < count; index++) order.add(lost(index));
  return order;
}

/** Every order of so many losses among so many packets, counted by its runs of losses. */
function counted(lost: number, passed: number): number[] {
  const runs: number[] = [];
  const go = (left: number, right: number, last: boolean, so: number): void => {
    if (left === 0 && right === 0) runs[so] = (runs[so] ?? 0) + 1;
    if (left > 0) go(left - 1, right, true, last ? so : so + 1);
    if (right > 0) go(left, right - 1, false, so);
  };
  go(lost, passed, false, 0);
  return runs;
}

test.each([
  [3, 9],
  [4, 6],
  [6, 4],
  [5, 5],
])('of %i losses among %i others the probability is that of counting all orders', (lost, passed) => {
  const all = counted(lost, passed);
  const sum = (until: number): number =>
    all.reduce((total, ways, so) => (so <= until ? total + (ways ?? 0) : total), 0);
  for (let runs = 1; runs < all.length; runs++)
    expect(runsTest({ lost, passed, runs }).p).toBeCloseTo(sum(runs) / sum(all.length), 9);
});

it('approximates many losses by the normal distribution, without a step', () => {
  const at = (lost: number): number => runsTest({ lost, passed: 9000, runs: Math.round(lost * 0.87) }).p!;
  expect(at(1001)).toBeCloseTo(at(1000), 1);
});

describe('the pattern', () => {
  it('is none without a loss, and all without a packet that came through', () => {
    expect(orderOf(100, () => false).verdict()).toEqual({ pattern: 'none', p: null });
    expect(orderOf(100, () => true).verdict()).toEqual({ pattern: 'all', p: null });
  });

  it('is unclear where too few were lost', () => {
    expect(orderOf(1000, (index) => index === 500).verdict()).toEqual({ pattern: 'unclear', p: 1 });
    expect(orderOf(100, (index) => index === 50 || index === 51).verdict().pattern).toBe('unclear');
  });

  test.each([0.001, 0.01, 0.05, 0.3])(
    'is random for losses at random of %d, but for one alarm in a thousand',
    (rate) => {
      let alarms = 0;
      for (let seed = 1; seed <= 1000; seed++) {
        const random = generator(seed);
        if (orderOf(2000, () => random() < rate).verdict().pattern === 'bursts') alarms++;
      }
      // Three standard deviations above what the level promises.
      expect(alarms).toBeLessThanOrEqual(4);
    },
  );

  test.each([
    ['three in a row of two thousand', 2000, (index: number) => index >= 700 && index < 703],
    ['ten of every hundred, together', 1000, (index: number) => index % 100 < 10],
    ['an outage of a tenth', 500, (index: number) => index >= 200 && index < 250],
  ])('is bursts: %s', (_, count, lost) => {
    expect(orderOf(count, lost).verdict().pattern).toBe('bursts');
  });

  it('is random where every twentieth is lost: nothing of that comes in bursts', () => {
    expect(orderOf(2000, (index) => index % 20 === 0).verdict().pattern).toBe('random');
  });
});

it('counts the runs and the longest of them', () => {
  const order = orderOf(12, (index) => [1, 2, 5, 6, 7, 11].includes(index));
  expect(order).toMatchObject({ lost: 6, passed: 6, runs: 3, longest: 3 });
});
