import { describe, expect, it } from 'vitest';
import { parseTracked } from '../../src/discover/parse/conntrack.ts';
import { amount, carriedOf, entryOf, missing } from '../../src/kernel/carried.ts';
import type { TcpInfo } from '../../src/model/socket.ts';
import { connection } from './connection.ts';

const LINE =
  'tcp 6 431999 ESTABLISHED src=10.88.0.2 dst=198.51.100.1 sport=40000 dport=80 packets=60 bytes=3200 src=198.51.100.1 dst=192.0.2.1 sport=80 dport=40000 packets=140 bytes=207280 [ASSURED] mark=0 use=1';
const entry = parseTracked(LINE)!;
const carried = carriedOf(entry)!;
const info: TcpInfo = {
  unacknowledged: 0,
  lastDataSent: 9000,
  lastDataReceived: 4000,
  lastAckReceived: 4000,
  window: null,
  received: 185_000,
  headers: 52,
};

it('is what a line of conntrack(8) counts', () => {
  expect(carried).toEqual({
    original: { packets: 60, bytes: 3200 },
    reply: { packets: 140, bytes: 207_280 },
  });
  expect(carriedOf({ text: LINE.replaceAll(/packets=\d+ bytes=\d+ /g, '') })).toBeUndefined();
});

it.each([
  ['both', 'bytes', 210_480],
  ['reply', 'bytes', 207_280],
  ['original', 'packets', 60],
  ['both', 'average', 1052.4],
] as const)('%s, in %s: %d', (way, unit, expected) => expect(amount(carried, { way, unit })).toBe(expected));

it('belongs to the socket at its end', () => {
  expect(entryOf(connection(), [entry])).toBe(entry);
  expect(entryOf(connection({ sourcePort: 40_001 }), [entry])).toBeUndefined();
});

describe('what the host has seen come, and the socket has not', () => {
  const of = (about: Partial<TcpInfo>, state: 'ESTAB' | 'CLOSE-WAIT' = 'ESTAB') =>
    missing(connection({ state, info: { ...info, ...about } }), carried);
  it('is told in bytes of data', () => expect(of({})).toBe(15_000));
  it.each([
    ['something came a moment ago', of({ lastDataReceived: 300 })],
    ['no more than a segment is missing', of({ received: 199_000 })],
    [
      'the kernel does not tell what came',
      missing(connection({ info: { ...info, received: undefined! } }), carried),
    ],
    ['nothing is counted', missing(connection({ info }), undefined)],
    ['it does not stand any more', of({}, 'CLOSE-WAIT')],
  ])('is nothing where %s', (_, found) => expect(found).toBeNull());
});
