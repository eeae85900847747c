import { expect, test } from 'vitest';
import { momentOf, moved } from '../../../src/host/record/moment.ts';

const line = '          <idle>-0       [001] ..s1.  6829.137975: net_dev_xmit: dev=eth0 skbaddr=0xff len=314';

test('the moment of a trace line is read from the kernel’s own words', () => {
  expect(momentOf({ line })).toBe(6_829_137_975_000n);
  expect(momentOf({ line: 'CPU:1 [LOST 3 EVENTS]' })).toBeUndefined();
});

test('a line moved over a second keeps six digits', () => {
  expect(moved({ line }, 900_000_000n).line).toContain(' 6830.037975: net_dev_xmit: dev=eth0');
  expect(moved({ line }, -6_829_137_974_000n).line).toContain(' 0.000001: net_dev_xmit');
});

test('frames and messages move by their own clock, and what has none stays', () => {
  expect(moved({ type: 'frame', frame: { at: 5n, hop: 'h' } }, 2n)).toEqual({
    type: 'frame',
    frame: { at: 7n, hop: 'h' },
  });
  expect(moved({ at: 5n, id: 1 }, -5n)).toEqual({ at: 0n, id: 1 });
  const ready = { type: 'ready' };
  expect(moved(ready, 3n)).toBe(ready);
});
