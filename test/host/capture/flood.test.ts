import { expect, test } from 'vitest';
import { Flood, MOST } from '../../../src/host/capture/flood.ts';

const frame = (number: number): Buffer => {
  const bytes = Buffer.alloc(100);
  bytes.writeUInt32BE(number, 40);
  return bytes;
};

test('a frame that is sent again and again is handed on a few times', () => {
  const flood = new Flood();
  const told = Array.from({ length: 1000 }, () => flood.judge(frame(1)));
  expect(told.filter((one) => one === 'new').length).toBeLessThan(20);
  expect(flood.judge(frame(2))).toBe('new');
});

test('a capture ends after its share, of whatever', () => {
  const flood = new Flood();
  for (let number = 0; number < MOST; number++) expect(flood.judge(frame(number))).not.toBe('ended');
  expect(flood.judge(frame(0))).toBe('ended');
});
