// Packets that go on as one, and a burst of datagrams: whoever joins and cuts them on the way, each is one packet.
import { describe, expect, test } from 'vitest';
import { Claims } from '../../src/capture/claims.ts';
import type { Seen } from '../../src/capture/spot.ts';
import { Stream } from '../../src/capture/stream.ts';
import { Tally } from '../../src/capture/tally.ts';
import { journeyText } from '../../src/capture/text/journey.ts';
import { ETHERTYPE } from '../../src/wire/headers.ts';
import { ethernet, FLAGS, ip, PROTOCOL, tcp, udp } from '../wire/frame.ts';
import { A, FAR } from './frames.ts';
import { at, SPOTS, UPLINK } from './hops.ts';

const EACH = 1000;
type Place = 'eth0' | 'vetha' | 'br0' | 'up0';

interface Packet {
  readonly from: number;
  readonly bytes: number;
  readonly id?: number;
}

/** What the far end sends, as it comes home. */
const segment = (place: Place, micros: number, { from, bytes, id = 0 }: Packet): Seen => {
  const ends = { source: FAR, destination: place === 'up0' ? UPLINK : A };
  const data = Uint8Array.from([...tcp(80, 40_000, FLAGS.ack, from, 9), ...new Uint8Array(bytes)]);
  return at(
    place,
    micros,
    place === 'vetha' ? 'out' : 'in',
    ethernet(0x0800, ip(ends, PROTOCOL.tcp, data, { id })),
  );
};
const pieces = (place: Place, micros: number, from: number, many: number): Seen[] =>
  Array.from({ length: many }, (_, n) =>
    segment(place, micros + n, { from: from + n * EACH, bytes: EACH, id: n + 1 }),
  );

function streamOf(frames: readonly Seen[], ids: readonly (bigint | null)[] = []) {
  const claims = new Claims([A], []);
  for (const protocol of [PROTOCOL.tcp, PROTOCOL.udp])
    claims.learn({ protocol, source: UPLINK, sourcePort: 40_000, destination: FAR, destinationPort: 80 });
  const stream = new Stream(SPOTS, claims);
  for (const [n, frame] of frames.entries()) stream.add(frame, ids[n] ?? null);
  return stream.until();
}
const names = (frames: readonly Seen[], ids: readonly (bigint | null)[] = []): string[] =>
  streamOf(frames, ids).told.map(({ journey }) =>
    journey.steps
      .map(
        ({ spot, piece, among }) => `${SPOTS[spot]!.name}${piece ? ' piece' : ''}${among ? ` ${among}` : ''}`,
      )
      .join(', '),
  );

describe('segments that a receiver joins', () => {
  const joined = () => [
    ...pieces('up0', 0, 7000, 3),
    ...pieces('vetha', 10, 7000, 3),
    segment('eth0', 20, { from: 7000, bytes: 3 * EACH, id: 1 }),
  ];

  test('have each come as far as it did', () => {
    expect(names(joined())).toEqual(Array(3).fill('up0, vetha, eth0 3'));
  });

  test('are told and counted as the packets that they were', () => {
    const { told, frames } = streamOf(joined());
    const page = { spots: SPOTS, own: new Set([A]), arrow: '→', more: '…', bad: '✗' };
    expect(journeyText({ told: told[0]!, dropped: null }, page)).toContain('eth0@web with 2 others +10 us');
    const tally = new Tally();
    for (const one of told) tally.take({ told: one, dropped: null }, 'In');
    expect(tally.ways()).toEqual([{ heading: 'In', spots: [3, 1, 0], packets: 3 }]);
    expect(frames.at(-1)).toMatchObject({ journey: { id: 1n }, others: [{ id: 2n }, { id: 3n }] });
  });

  test('a file that has a number for the first of them has all of them', () => {
    expect(names(joined(), [1n, 2n, 3n, 1n, 2n, 3n, 1n])).toEqual(Array(3).fill('up0, vetha, eth0 3'));
  });

  test('the one that was lost stays lost, also where it is sent again', () => {
    const [one, lost, three] = pieces('up0', 0, 7000, 3);
    const again = (place: Place, micros: number) =>
      segment(place, micros, { from: 8000, bytes: EACH, id: 9 });
    const after = [...pieces('vetha', 10, 7000, 1), segment('vetha', 12, { from: 9000, bytes: EACH, id: 3 })];
    expect(
      names([
        ...[one!, lost!, three!, ...after, again('up0', 30), again('vetha', 40)],
        segment('eth0', 50, { from: 7000, bytes: 3 * EACH, id: 1 }),
      ]),
    ).toEqual(['up0, vetha, eth0 3', 'up0', 'up0, vetha, eth0 3', 'up0, vetha, eth0 3']);
  });

  test('are cut and joined at other places than before', () => {
    const large = (place: Place, micros: number, from: number, many: number) =>
      segment(place, micros, { from, bytes: many * EACH, id: from });
    expect(
      names([
        ...[large('up0', 0, 0, 3), large('up0', 1, 3000, 3)],
        ...pieces('vetha', 10, 0, 6),
        ...[large('eth0', 20, 0, 4), large('eth0', 21, 4000, 2)],
      ]),
    ).toEqual([
      'up0, vetha piece, vetha piece, vetha piece, eth0 2',
      'up0, vetha piece, vetha piece, vetha piece, eth0 piece 2, eth0 piece',
    ]);
  });

  test('of which one was not captured have come all the same', () => {
    const some = pieces('up0', 0, 7000, 3).toSpliced(1, 1);
    const got = names([...some, segment('eth0', 20, { from: 7000, bytes: 3 * EACH })]);
    expect(got).toEqual(Array(2).fill('up0, eth0 2'));
  });

  test('what begins before them is no packet of theirs', () => {
    const some = pieces('up0', 0, 7000, 2);
    const got = names([...some, segment('eth0', 20, { from: 6999, bytes: EACH + 500 })]);
    expect(got).toEqual(['up0', 'up0', 'eth0']);
  });
});

describe('a burst of datagrams', () => {
  interface Datagram {
    readonly id: number;
    readonly from: number;
    readonly bytes: number;
    readonly family?: 4 | 6;
  }
  /** Data that are told apart by where they stand. */
  const data = (from: number, bytes: number) =>
    Uint8Array.from({ length: bytes }, (_, n) => ((from + n) * 7 + ((from + n) >> 8)) & 255);
  const datagram = (place: Place, micros: number, { id, from, bytes, family = 4 }: Datagram): Seen => {
    const four = { source: place === 'up0' ? UPLINK : A, destination: FAR };
    const six = { source: 'fd00:88::2', destination: '2001:db8::2' };
    const packet = ip(family === 4 ? four : six, PROTOCOL.udp, udp(40_000, 80, data(from, bytes)), { id });
    const type = family === 4 ? ETHERTYPE.ipv4 : ETHERTYPE.ipv6;
    return at(place, micros, place === 'vetha' ? 'in' : 'out', ethernet(type, packet));
  };
  const cut = (place: Place, micros: number, { id, from, bytes, family }: Datagram): Seen[] =>
    Array.from({ length: Math.ceil(bytes / EACH) }, (_, n) =>
      datagram(place, micros + n, {
        ...{ id: id + n, from: from + n * EACH },
        bytes: Math.min(EACH, bytes - n * EACH),
        ...(family ? { family } : {}),
      }),
    );

  test.each([4, 6] as const)('that a device gets apart is one packet, of IPv%i', (family) => {
    const one = { id: 5, from: 0, bytes: 2500, family };
    const two = { id: 50, from: 9000, bytes: 2000, family };
    const frames = [one, two].flatMap((burst, n) => [
      datagram('eth0', n * 100, burst),
      datagram('vetha', n * 100 + 5, burst),
      ...cut('up0', n * 100 + 10, burst),
    ]);
    expect(names(frames)).toEqual([
      'eth0, vetha, up0 piece, up0 piece, up0 piece',
      'eth0, vetha, up0 piece, up0 piece',
    ]);
  });

  test('behind NAT it is the target’s, though nobody has seen that way before', () => {
    const burst = { id: 5, from: 0, bytes: 2500 };
    const stream = new Stream(SPOTS, new Claims([A], []));
    for (const frame of [datagram('eth0', 0, burst), ...cut('up0', 10, burst)]) stream.add(frame);
    expect(stream.until().told.map(({ journey }) => journey.steps.length)).toEqual([4]);
  });

  test('that is joined is as many packets as it was', () => {
    const burst = { id: 5, from: 0, bytes: 2500 };
    expect(names([...cut('eth0', 0, burst), datagram('up0', 10, burst)])).toEqual(
      Array(3).fill('eth0, up0 3'),
    );
  });

  test('of which one is missing is no other’s', () => {
    const burst = { id: 5, from: 0, bytes: 2500 };
    const [first, , last] = cut('eth0', 0, burst);
    expect(names([first!, last!, datagram('up0', 10, burst)])).toEqual(['eth0', 'eth0', 'up0']);
  });

  test('a datagram that follows is a packet of its own', () => {
    const burst = { id: 5, from: 0, bytes: 2500 };
    const other = { id: 8, from: 4000, bytes: 300 };
    const frames = [
      ...[datagram('eth0', 0, burst), datagram('eth0', 1, other)],
      ...[...cut('up0', 10, burst), datagram('up0', 20, other)],
    ];
    expect(names(frames)).toEqual(['eth0, up0 piece, up0 piece, up0 piece', 'eth0, up0']);
  });
});
