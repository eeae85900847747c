import { describe, expect, it } from 'vitest';
import { parseTracked } from '../../src/discover/parse/conntrack.ts';
import { amount, carriedOf, countedOf, type Kept, missing } from '../../src/kernel/carried.ts';
import type { SocketState, TcpInfo } from '../../src/model/socket.ts';
import { connection } from './connection.ts';

const LINE =
  'tcp 6 299 ESTABLISHED src=10.88.0.2 dst=198.51.100.1 sport=40000 dport=80 packets=60 bytes=3200 src=198.51.100.1 dst=192.0.2.1 sport=80 dport=40000 packets=140 bytes=207280 [ASSURED] mark=0 use=1';
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
  expect(countedOf([entry])(connection())).toBe(entry);
  expect(countedOf([entry])(connection({ sourcePort: 40_001 }))).toBeUndefined();
});

describe('what the host has seen come, and the socket has not', () => {
  const kept: Kept = { established: 432_000, unacknowledged: 300 };
  const of = (about: Partial<TcpInfo>, socket: Partial<SocketState> = {}) =>
    missing(connection({ info: { ...info, ...about }, ...socket }), entry, kept);
  const left = (seconds: number) => parseTracked(LINE.replace(' 299 ', ` ${seconds} `))!;
  const keptAs = (seconds: number, about: Partial<TcpInfo> = {}, lasts: Kept | null = kept) =>
    missing(connection({ info: { ...info, ...about } }), left(seconds), lasts);

  it('is told in bytes of data', () => {
    expect(of({})).toBe(15_000);
    expect(keptAs(3)).toBe(15_000);
  });
  it.each([
    ['something came a moment ago', of({ lastDataReceived: 300 })],
    ['no more than a segment is missing', of({ received: 199_000 })],
    ['all that came is acknowledged: the surplus is of another day', keptAs(431_996)],
    [
      'all is acknowledged, and keepalives renew the entry',
      keptAs(431_999, { lastDataReceived: 86_400_000 }),
    ],
    ['it is idle for so long that the entry ends soon', keptAs(200, { lastDataReceived: 431_800_000 })],
    ['rules keep its entry for less', keptAs(3596)],
    ['nobody tells for how long entries are kept', keptAs(299, {}, null)],
    ['what it has sent itself is not acknowledged', of({ unacknowledged: 1 })],
    ['its program does not read', of({}, { receiveQueue: 65_000 })],
    [
      'the kernel does not tell what came',
      missing(connection({ info: { ...info, received: undefined! } }), entry, kept),
    ],
    ['nothing is counted', missing(connection({ info }), undefined, kept)],
    ['it does not stand any more', of({}, { state: 'CLOSE-WAIT' })],
  ])('is nothing where %s', (_, found) => expect(found).toBeNull());
});
