// What goes wrong in a container's own traffic, read from its packets as four interfaces show them.
import { describe, expect, test } from 'vitest';
import { Claims } from '../../../src/capture/claims.ts';
import type { Dropped } from '../../../src/capture/drops.ts';
import type { Seen } from '../../../src/capture/spot.ts';
import { Stream } from '../../../src/capture/stream.ts';
import { Observer, type Shown } from '../../../src/watch/passive/observer.ts';
import { troubleText } from '../../../src/watch/passive/text.ts';
import { encodeQuestion } from '../../../src/wire/dns-message.ts';
import { A, BEGAN, FAR } from '../../capture/frames.ts';
import { at, SPOTS, UPLINK } from '../../capture/hops.ts';
import { ethernet, FLAGS, icmp, ip, PROTOCOL, tcp, udp } from '../../wire/frame.ts';

const { syn, ack, rst } = FLAGS;
const FIN = 1;
const [PORT, OTHER] = [40_000, 41_000];
const second = 1_000_000;

type Make = (source: string, destination: string, from: number, to: number) => Uint8Array;
const segment =
  (flags: number, sequence: number, data = 0, id = 0): Make =>
  (source, destination, from, to) =>
    ethernet(
      0x0800,
      ip(
        { source, destination },
        PROTOCOL.tcp,
        Uint8Array.from([...tcp(from, to, flags, sequence, 5), ...new Uint8Array(data)]),
        { id },
      ),
    );

/** Out by four interfaces, or as far as it came; behind NAT another port too. */
function out(micros: number, make: Make, { port = 80, hops = 4 } = {}): Seen[] {
  const inside = make(A, FAR, PORT, port);
  return [
    at('eth0', micros, 'out', inside),
    at('vetha', micros + 5, 'in', inside),
    at('br0', micros + 6, 'in', inside),
    at('up0', micros + 20, 'out', make(UPLINK, FAR, OTHER, port)),
  ].slice(0, hops);
}
function back(micros: number, make: Make, { port = 80, hops = 4 } = {}): Seen[] {
  const inside = make(FAR, A, port, PORT);
  return [
    at('up0', micros, 'in', make(FAR, UPLINK, port, OTHER)),
    at('br0', micros + 5, 'out', inside),
    at('vetha', micros + 6, 'out', inside),
    at('eth0', micros + 8, 'in', inside),
  ].slice(0, hops);
}

/** Everything that was told until so many microseconds after the beginning. */
function shown(frames: readonly Seen[], until: number, dropped: Dropped | null = null): Shown[] {
  const observer = new Observer(SPOTS, 1_000_000_000n);
  const stream = new Stream(SPOTS, new Claims([A], []));
  for (const frame of frames) stream.add(frame);
  const told = stream.until().told.flatMap((one) => observer.take(one, dropped));
  return [...told, ...observer.until(BEGAN + BigInt(until) * 1000n)];
}
const essence = (all: readonly Shown[]) =>
  all.map(({ kind, reach, answer }) => [
    kind,
    SPOTS[reach.after]!.name,
    reach.through,
    answer && SPOTS[answer.after]!.name,
  ]);

const handshake = [
  ...out(0, segment(syn, 100)),
  ...back(100, segment(syn | ack, 900)),
  ...out(200, segment(ack, 101)),
];

describe('a connection', () => {
  test('that stands, speaks and ends is no trouble', () => {
    const frames = [
      ...handshake,
      ...out(300, segment(ack, 101, 50)),
      ...back(400, segment(ack, 901, 500)),
      ...out(500, segment(FIN | ack, 151)),
      ...back(600, segment(FIN | ack, 1401)),
      ...back(700, segment(rst, 1402)),
    ];
    expect(shown(frames, 5 * second)).toEqual([]);
  });

  test('whose SYN nobody answers is told once, where the SYN was seen last, and not before its time', () => {
    const frames = [
      ...out(0, segment(syn, 100), { hops: 3 }),
      ...out(second, segment(syn, 100), { hops: 3 }),
    ];
    expect(shown(frames, 0.9 * second)).toEqual([]);
    expect(essence(shown(frames, 3 * second))).toEqual([['syn-unanswered', 'br0', false, null]]);
    const dropped = { reason: 'NETFILTER_DROP', function: 'nft_do_chain' };
    const [one] = shown(frames, 3 * second, dropped);
    expect(troubleText({ ...one!, program: { pid: 7, name: 'curl' } }, SPOTS)).toMatch(
      /^\d\d:\d\d:\d\d\.\d{6} curl \(pid 7\) 10\.88\.0\.2\.40000 > 198\.51\.100\.1\.80: nobody answers its SYN, it was seen last at br0: dropped: NETFILTER_DROP at nft_do_chain\n$/,
    );
  });

  test('whose SYN left the host, and whose answer was lost on the way back', () => {
    const left = out(0, segment(syn, 100));
    expect(essence(shown(left, 2 * second))).toEqual([['syn-unanswered', 'up0', true, null]]);
    const answered = [...left, ...back(100, segment(syn | ack, 900), { hops: 1 })];
    expect(essence(shown(answered, 2 * second))).toEqual([['syn-unanswered', 'up0', true, 'up0']]);
  });

  test('that is refused, reset, or answered by an ICMP error', () => {
    const refused = [...out(0, segment(syn, 100)), ...back(100, segment(rst | ack, 0))];
    expect(essence(shown(refused, 2 * second))).toEqual([['refused', 'eth0', true, null]]);
    const reset = [...handshake, ...back(300, segment(rst, 901))];
    expect(essence(shown(reset, 2 * second))).toEqual([['reset', 'eth0', true, null]]);
    const quoted = ip({ source: A, destination: FAR }, PROTOCOL.tcp, tcp(PORT, 80, syn, 100));
    const error = ethernet(
      0x0800,
      ip({ source: '10.88.0.1', destination: A }, PROTOCOL.icmp, icmp(3, 1, 0, quoted)),
    );
    const unreachable = [
      ...out(0, segment(syn, 100), { hops: 3 }),
      at('vetha', 100, 'out', error),
      at('eth0', 105, 'in', error),
    ];
    const [one, ...others] = shown(unreachable, 2 * second);
    expect(others).toEqual([]);
    expect(one).toMatchObject({
      kind: 'icmp-error',
      says: '10.88.0.1 says: ICMP host 198.51.100.1 unreachable',
      ends: { source: A, sourcePort: PORT, destination: FAR },
    });
  });

  test('of which a segment is sent again, with how far the first came', () => {
    const lost = [
      ...handshake,
      ...out(300, segment(ack, 101, 50), { hops: 2 }),
      // The kernel counts its packets anew.
      ...out(300_000, segment(ack, 101, 50, 1)),
    ];
    const [one, ...others] = shown(lost, 2 * second);
    expect(others).toEqual([]);
    expect(essence([one!])).toEqual([['sent-again', 'vetha', false, null]]);
    expect(one!.says).toBe('50 bytes sent again');
  });

  test('a keepalive is none that is sent again', () => {
    const frames = [...handshake, ...out(300, segment(ack, 101, 50)), ...out(second, segment(ack, 150, 1))];
    expect(shown(frames, 2 * second)).toEqual([]);
  });

  test('of the same ends as one before it begins anew', () => {
    const again = [...out(2 * second, segment(syn, 7000), { hops: 3 })];
    expect(essence(shown([...handshake, ...again], 4 * second))).toEqual([
      ['syn-unanswered', 'br0', false, null],
    ]);
  });
});

describe('a question to a name server', () => {
  const question = encodeQuestion(4711, 'db.example.com', 1);
  const answer = (rcode: number): Uint8Array => {
    const message = Uint8Array.from(question);
    message[2]! |= 0x80;
    message[3] = 0x80 | rcode;
    return message;
  };
  const message =
    (bytes: Uint8Array): Make =>
    (source, destination, from, to) =>
      ethernet(0x0800, ip({ source, destination }, PROTOCOL.udp, udp(from, to, bytes)));
  const dns = { port: 53 };
  const asked = out(0, message(question), dns);

  test('that is answered, by a name or by none of that name, is no trouble', () => {
    for (const rcode of [0, 3])
      expect(shown([...asked, ...back(100, message(answer(rcode)), dns)], 3 * second)).toEqual([]);
  });

  test('that nobody answers, or whose answer is lost', () => {
    const [one] = shown([...asked, ...out(500_000, message(question), dns)], 3 * second);
    expect(one).toMatchObject({
      kind: 'dns-unanswered',
      says: 'nobody answers the question for db.example.com',
    });
    const lost = [...asked, ...back(100, message(answer(0)), { ...dns, hops: 2 })];
    expect(essence(shown(lost, 3 * second))).toEqual([['dns-unanswered', 'up0', true, 'br0']]);
  });

  test('that is answered by an error', () => {
    const [one] = shown([...asked, ...back(100, message(answer(2)), dns)], 3 * second);
    expect(one).toMatchObject({ kind: 'dns-error', says: 'SERVFAIL for db.example.com' });
  });
});

test('whatever bytes come, nothing throws', () => {
  const observer = new Observer(SPOTS, 1n);
  const stream = new Stream(SPOTS, new Claims([A], []));
  for (let cut = 14; cut < 90; cut++) {
    stream.add(at('eth0', cut, 'out', segment(syn, cut, 40)(A, FAR, PORT, 80).subarray(0, cut)));
    const dns = ethernet(
      0x0800,
      ip({ source: A, destination: FAR }, PROTOCOL.udp, udp(1, 53, new Uint8Array(40))),
    );
    stream.add(at('eth0', 1000 + cut, 'out', dns.subarray(0, cut)));
  }
  for (const told of stream.until().told) observer.take(told, null);
  expect(observer.packets).toBeGreaterThan(50);
});
