import { expect, it } from 'vitest';
import { monotonic, wallOffset } from '../../../src/host/sys/wall-clock.ts';

const SECOND = 1_000_000_000n;
const HOUR = 3600n * SECOND;
/** Monotonic moments begin anywhere; the offset is some fifty years. */
const OFFSET = 1_700_000_000n * SECOND;
const NOW = 500n * SECOND;

it('the offset is that of the two clocks', () => {
  const wall = BigInt(Date.now()) * 1_000_000n;
  const off = wall - process.hrtime.bigint() - wallOffset();
  expect(Number(off < 0n ? -off : off)).toBeLessThan(50_000_000);
});

it('turns a stamp by the offset', () => {
  const turn = monotonic(() => OFFSET);
  expect(turn(OFFSET + NOW - 1234n, NOW)).toBe(NOW - 1234n);
});

it.each([HOUR, -HOUR])(
  'a stamp by the clock before it was set by %i is turned by the offset before',
  (step) => {
    let offset = OFFSET;
    const turn = monotonic(() => offset);
    turn(OFFSET, NOW - SECOND);
    offset += step;
    expect(turn(OFFSET + NOW - 5000n, NOW)).toBe(NOW - 5000n);
    expect(turn(offset + NOW - 3000n, NOW)).toBe(NOW - 3000n);
  },
);

it('what no offset makes a moment of is now', () => {
  const turn = monotonic(() => OFFSET);
  expect(turn(OFFSET + NOW + HOUR, NOW)).toBe(NOW);
  expect(turn(OFFSET + NOW - HOUR, NOW)).toBe(NOW);
  expect(turn(OFFSET + NOW + 300n, NOW)).toBe(NOW);
});
