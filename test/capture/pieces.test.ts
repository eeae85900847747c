// A large segment that goes on in pieces is one packet.
import { describe, expect, test } from 'vitest';
import { Claims } from '../../src/capture/claims.ts';
import type { Seen } from '../../src/capture/spot.ts';
import { Stream } from '../../src/capture/stream.ts';
import { Tally } from '../../src/capture/tally.ts';
import { journeyText } from '../../src/capture/text/journey.ts';
import { ethernet, FLAGS, ip, PROTOCOL, tcp } from '../wire/frame.ts';
import { A, FAR } from './frames.ts';
import { at, SPOTS, UPLINK } from './hops.ts';

interface Part {
  readonly from: number;
  readonly bytes: number;
  readonly source?: string;
  readonly acknowledgement?: number;
}

/** As headers alone show it. */
const segment = ({ from, bytes, source = A, acknowledgement = 9 }: Part): Uint8Array =>
  ethernet(
    0x0800,
    ip(
      { source, destination: FAR },
      PROTOCOL.tcp,
      Uint8Array.from([
        ...tcp(40_000, 80, FLAGS.ack, from % 2 ** 32, acknowledgement),
        ...new Uint8Array(bytes),
      ]),
    ),
  );

const large = (from: number, bytes: number, micros = 0): Seen[] => [
  at('eth0', micros, 'out', segment({ from, bytes })),
  at('vetha', micros + 5, 'in', segment({ from, bytes })),
  at('br0', micros + 6, 'in', segment({ from, bytes })),
];
const pieces = (from: number, bytes: number, micros = 20, each = 1448): Seen[] =>
  Array.from({ length: Math.ceil(bytes / each) }, (_, number) =>
    at(
      'up0',
      micros + number,
      'out',
      segment({ from: from + number * each, bytes: Math.min(each, bytes - number * each), source: UPLINK }),
    ),
  );

function told(frames: readonly Seen[], id: bigint | null = null) {
  const claims = new Claims([A], []);
  // Its handshake has passed, or connection tracking knows it.
  claims.learn({
    protocol: PROTOCOL.tcp,
    ...{ source: UPLINK, sourcePort: 40_000, destination: FAR, destinationPort: 80 },
  });
  const stream = new Stream(SPOTS, claims);
  for (const frame of frames) stream.add(frame, id);
  return stream.until().told;
}
const steps = (frames: readonly Seen[], id: bigint | null = null): number[] =>
  told(frames, id).map(({ journey }) => journey.steps.length);

test('all its pieces are steps of it, behind NAT too', () => {
  const [one, ...others] = told([...large(1000, 4344), ...pieces(1000, 4344)]);
  expect(others).toEqual([]);
  expect(one!.journey.steps.map(({ spot, piece }) => `${SPOTS[spot]!.name}${piece ? ' piece' : ''}`)).toEqual(
    ['eth0', 'vetha', 'br0', 'up0 piece', 'up0 piece', 'up0 piece'],
  );
  const page = { spots: SPOTS, own: new Set([A]), arrow: '→', more: '…', bad: '✗' };
  expect(journeyText({ told: one!, dropped: null }, page)).toContain('br0 +1 → up0 in 3 pieces +14 us');
  const tally = new Tally();
  tally.take({ told: one!, dropped: null }, 'Out');
  expect(tally.ways()).toEqual([{ heading: 'Out', spots: [0, 1, 2, 3], packets: 1 }]);
});

test('a file that gives them one number has one packet', () => {
  expect(steps([...large(1000, 4344), ...pieces(1000, 4344)], 7n)).toEqual([6]);
});

test('numbers wrap within it', () => {
  const from = 2 ** 32 - 2000;
  expect(steps([...large(from, 60_000), ...pieces(from, 60_000)])).toEqual([3 + 42]);
});

test('two behind each other are two, with the pieces of each', () => {
  const frames = [
    ...large(1000, 2896),
    ...large(3896, 5792, 2),
    ...pieces(1000, 2896),
    ...pieces(3896, 5792, 30),
  ];
  expect(steps(frames)).toEqual([5, 7]);
});

describe('what is no piece is a packet of its own', () => {
  test.each([
    ['another acknowledgement', { from: 1000, bytes: 1448, source: UPLINK, acknowledgement: 10 }],
    ['data behind it', { from: 1000 + 4344, bytes: 1448, source: UPLINK }],
    ['data that begins before it', { from: 999, bytes: 1448, source: UPLINK }],
  ])('%s', (_, part) => {
    expect(steps([...large(1000, 4344), at('up0', 20, 'out', segment(part))])).toEqual([3, 1]);
  });

  test('a part that is sent again where the whole has passed, and the same piece twice', () => {
    const again = at('eth0', 300_000, 'out', segment({ from: 1000, bytes: 1448 }));
    expect(steps([...large(1000, 4344), again])).toEqual([3, 1]);
    const [piece] = pieces(1000, 4344);
    const twice = at('up0', 40, 'out', segment({ from: 1000, bytes: 1448, source: UPLINK }));
    expect(steps([...large(1000, 4344), piece!, twice])).toEqual([4, 1]);
  });
});

test('a file that calls everything one packet does not make it endless', () => {
  const frames = Array.from({ length: 2000 }, (_, micros) =>
    at('br0', micros, 'in', segment({ from: 1, bytes: 9 })),
  );
  expect(Math.max(...steps(frames, 7n))).toBeLessThanOrEqual(512);
});
