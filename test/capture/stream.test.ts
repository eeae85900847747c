// Frames of four interfaces, in whatever order their sockets tell them, are the journeys of packets.
import { describe, expect, test } from 'vitest';
import { Claims } from '../../src/capture/claims.ts';
import type { Seen } from '../../src/capture/spot.ts';
import { type Flow, Stream } from '../../src/capture/stream.ts';
import { journeyText } from '../../src/capture/text/journey.ts';
import { parseTable } from '../../src/discover/parse/conntrack.ts';
import { ethernet, icmp, ip, PROTOCOL } from '../wire/frame.ts';
import { A, BEGAN, FAR } from './frames.ts';
import { answer, at, datagramOf, ping, SPOTS, segmentOf, UPLINK } from './hops.ts';

const way = ({ told }: Flow): string[] =>
  told.map(({ journey, before }) =>
    journey.steps
      .slice(before)
      .map(({ spot }) => SPOTS[spot]!.name)
      .join(' '),
  );
const claims = (ports: ConstructorParameters<typeof Claims>[1] = []) => new Claims([A, 'fd00:88::2'], ports);

function follow(frames: readonly Seen[], { known = claims(), most = Infinity } = {}): Flow {
  const stream = new Stream(SPOTS, known, most);
  for (const frame of frames) stream.add(frame);
  return stream.until();
}

const request = [
  at('eth0', 0, 'out', ping(1)),
  at('vetha', 8, 'in', ping(1)),
  at('br0', 8, 'in', ping(1)),
  at('up0', 21, 'out', ping(1, UPLINK)),
];
const reply = [
  at('up0', 40, 'in', answer(1, FAR, UPLINK)),
  at('br0', 45, 'out', answer(1)),
  at('vetha', 46, 'out', answer(1)),
  at('eth0', 47, 'in', answer(1)),
];

describe('a packet through bridge and NAT', () => {
  test.each([
    ['in time', (all: Seen[]) => all],
    ['the other way round', (all: Seen[]) => all.toReversed()],
    ['socket by socket', (all: Seen[]) => all.toSorted((a, b) => b.spot - a.spot)],
  ])('told %s, is one journey there and one back', (_, order) => {
    const flow = follow(order([...request, ...reply]));
    expect(way(flow)).toEqual(['eth0 vetha br0 up0', 'up0 br0 vetha eth0']);
    expect(flow.frames.map(({ seen }) => seen.at)).toEqual([...request, ...reply].map((seen) => seen.at));
    expect(new Set(flow.frames.map(({ journey }) => journey.id))).toEqual(new Set([1n, 2n]));
  });

  test('is told in one line, with what NAT made of it', () => {
    const page = { spots: SPOTS, arrow: '→', more: '…', bad: '✗', own: new Set([A]) };
    const lines = follow([...request, ...reply]).told.map((told) =>
      journeyText({ told, dropped: null }, page).slice(16),
    );
    expect(lines).toEqual([
      'Out eth0@web → vetha +8 → br0 +0 → up0 +13 us  IP 10.88.0.2 > 198.51.100.1: ICMP echo request, id 7, seq 1, length 11 [at up0: 192.0.2.1 > 198.51.100.1]',
      'In  up0 → br0 +5 → vetha +1 → eth0@web +1 us  IP 198.51.100.1 > 192.0.2.1: ICMP echo reply, id 7, seq 1, length 11 [at br0: 198.51.100.1 > 10.88.0.2]',
    ]);
  });

  test('which is not seen again is told as far as it came', () => {
    expect(way(follow(request.slice(0, 3)))).toEqual(['eth0 vetha br0']);
  });

  test('sent again with the same words is another packet', () => {
    const again = request.map((seen) => ({ ...seen, at: seen.at + 1_000_000n }));
    expect(way(follow([...request, ...again]))).toEqual(['eth0 vetha br0 up0', 'eth0 vetha br0 up0']);
  });

  test('to another destination is another packet, though its words are the same', () => {
    const one = datagramOf('same', [A, 5000], [FAR, 53]);
    const other = datagramOf('same', ['10.88.0.9', 5001], ['198.51.100.7', 53]);
    expect(way(follow([at('vetha', 0, 'in', one), at('br0', 1, 'in', other)]))).toEqual(['vetha', 'br0']);
  });

  test('that waited for a neighbour is told twice: how far it came, and then the rest', () => {
    const stream = new Stream(SPOTS, claims());
    for (const frame of request.slice(0, 3)) stream.add(frame);
    expect(way(stream.until(BEGAN + 500_000_000n))).toEqual(['eth0 vetha br0']);
    stream.add({ ...request[3]!, at: BEGAN + 1_000_000_000n });
    const late = stream.until();
    expect(way(late)).toEqual(['up0']);
    expect(late.told[0]!.journey.id).toBe(1n);
  });

  test('is not waited for longer than a tenth of a second', () => {
    const stream = new Stream(SPOTS, claims());
    for (const frame of request) stream.add(frame);
    expect(stream.until(BEGAN + 50_000_000n)).toEqual({ frames: [], told: [] });
    expect(way(stream.until(BEGAN + 150_000_000n))).toEqual(['eth0 vetha br0 up0']);
  });

  test('after so many no new one is taken, and those that were go on', () => {
    expect(way(follow([...request, ...reply], { most: 1 }))).toEqual(['eth0 vetha br0 up0']);
  });
});

test('a hidden interface tells whose a packet is, and is not shown', () => {
  const hidden = SPOTS.map((one) => (one.where === 'container' ? { ...one, hidden: true as const } : one));
  const stream = new Stream(hidden, claims());
  const out = [request[0]!, request[3]!];
  for (const frame of [...out, at('up0', 30, 'out', ping(9, UPLINK, '203.0.113.1')), reply[0]!])
    stream.add(frame);
  expect(way(stream.until())).toEqual(['up0', 'up0']);
});

describe('whose is a packet of the uplink', () => {
  const strangers = [
    at('up0', 0, 'out', ping(9, UPLINK, '203.0.113.1')),
    at('up0', 3, 'in', datagramOf('x', ['203.0.113.5', 53], [UPLINK, 9999])),
  ];

  test('of the host itself, and of other containers, it is nobody’s here', () => {
    expect(way(follow(strangers))).toEqual([]);
  });

  test('an answer to what went out is, though it is dropped before any other hop', () => {
    const out = request.slice(0, 4);
    expect(way(follow([...out, reply[0]!]))).toEqual(['eth0 vetha br0 up0', 'up0']);
  });

  test('an answer that comes before its hops is told whole, however early', () => {
    expect(way(follow([...strangers, ...reply]))).toEqual(['up0 br0 vetha eth0']);
  });

  test('what connection tracking knows', () => {
    const known = claims();
    known.read(
      parseTable(
        'udp 17 9 src=10.88.0.2 dst=203.0.113.5 sport=7 dport=53 src=203.0.113.5 dst=192.0.2.1 sport=53 dport=9999 mark=0 use=1\n' +
          'udp 17 9 src=10.88.0.9 dst=203.0.113.6 sport=7 dport=53 src=203.0.113.6 dst=192.0.2.1 sport=53 dport=9998 mark=0 use=1',
      ),
    );
    const other = at('up0', 4, 'in', datagramOf('y', ['203.0.113.6', 53], [UPLINK, 9998]));
    expect(way(follow([...strangers, other], { known }))).toEqual(['up0']);
  });

  test('a port that is published for it', () => {
    const syn = segmentOf(77, ['203.0.113.5', 40_000], [UPLINK, 8080]);
    const inside = segmentOf(77, ['203.0.113.5', 40_000], [A, 80]);
    const known = claims([{ proto: 'tcp', hostAddress: '0.0.0.0', hostPort: 8080, containerPort: 80 }]);
    expect(way(follow([at('up0', 0, 'in', syn)], { known }))).toEqual(['up0']);
    // Without knowing it, the way through tells.
    expect(way(follow([at('up0', 0, 'in', syn), at('br0', 5, 'out', inside)]))).toEqual(['up0 br0']);
  });

  test('an error about what it sent, whose quoted addresses are translated back', () => {
    const sent = datagramOf('z', [A, 5000], ['203.0.113.5', 53]);
    const outside = datagramOf('z', [UPLINK, 5000], ['203.0.113.5', 53]);
    const error = (to: string, quoted: Uint8Array) =>
      ethernet(
        0x0800,
        ip({ source: '203.0.113.9', destination: to }, PROTOCOL.icmp, icmp(3, 1, 0, quoted.subarray(14))),
      );
    const frames = [
      at('eth0', 0, 'out', sent),
      at('up0', 9, 'out', outside),
      at('up0', 100, 'in', error(UPLINK, outside)),
      at('eth0', 120, 'in', error(A, sent)),
    ];
    expect(way(follow(frames))).toEqual(['eth0 up0', 'up0 eth0']);
    // Of one that is dropped on its way the quoted packet tells whose it is.
    expect(way(follow(frames.slice(0, 3)))).toEqual(['eth0 up0', 'up0']);
  });
});

test('a flood of packets that are the same in every bit is followed all the same', () => {
  const stream = new Stream(SPOTS, claims());
  const began = performance.now();
  for (let n = 0; n < 20_000; n++)
    for (const frame of request) stream.add({ ...frame, at: frame.at + BigInt(n) * 50_000n });
  const { told } = stream.until();
  expect(told.every(({ journey }) => journey.steps.length === 4)).toBe(true);
  expect(told).toHaveLength(20_000);
  // By the square of their number it would take minutes.
  expect(performance.now() - began).toBeLessThan(20_000);
});

test('what comes faster than it can be looked at is counted', () => {
  const stream = new Stream(SPOTS, claims());
  for (let n = 0; n < 200_010; n++) stream.add(request[0]!);
  expect(stream.overrun).toBe(10);
});
