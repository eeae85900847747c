// Files of others: what packets alone tell.
import { describe, expect, test } from 'vitest';
import { Conversations, troublesOf } from '../../src/capture/conversations.ts';
import { readCapture } from '../../src/capture/read.ts';
import { journeyText } from '../../src/capture/text/journey.ts';
import { LINK } from '../../src/pcapng/content.ts';
import { interfaceBlock, packetBlock, sectionBlock } from '../../src/pcapng/writer.ts';
import { packet, uplink } from '../pcapng/sample.ts';
import { ethernet, FLAGS, icmp, ip, PROTOCOL, tcp, udp } from '../wire/frame.ts';
import { A, BEGAN, FAR } from './frames.ts';

interface Line {
  readonly at: number;
  readonly bytes: Uint8Array;
  readonly on?: number;
  readonly direction?: 'in' | 'out';
}

const section = sectionBlock('other 1.0', null);

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function reading(file: Uint8Array) {
  const conversations = new Conversations();
  const lines: string[] = [];
  const found = await readCapture(once(file), async (told, { spots }) => {
    if (told.before === 0) conversations.take(told);
    lines.push(
      journeyText(
        { told, dropped: null },
        { spots, arrow: '→', more: '…', bad: '✗', own: new Set([A]) },
      ).slice(16),
    );
  });
  const troubles = [...conversations.all()].flatMap((one) => troublesOf(one, conversations.latest));
  return { ...found, lines, troubles };
}

/** Packets at seconds since the beginning, of an interface in Ethernet. */
const file = (...packets: readonly Line[]): Uint8Array =>
  Buffer.concat([
    section,
    ...[0, 1].map((n) => interfaceBlock({ ...uplink, name: `eth${n}` }, LINK.ethernet, 0)),
    ...packets.map(({ at, bytes, on = 0, direction }) =>
      packetBlock(
        packet({ bytes, on, at: BEGAN + BigInt(Math.round(at * 1e9)), direction: direction ?? null }),
      ),
    ),
  ]);

const to = (payload: Uint8Array, protocol: number = PROTOCOL.tcp) =>
  ethernet(0x0800, ip({ source: A, destination: FAR }, protocol, payload));
const from = (payload: Uint8Array, protocol: number = PROTOCOL.tcp) =>
  ethernet(0x0800, ip({ source: FAR, destination: A }, protocol, payload));
const data = (
  port: [number, number],
  sequence: number,
  acknowledgement: number,
  length: number,
): Uint8Array =>
  Uint8Array.from([...tcp(...port, FLAGS.ack, sequence, acknowledgement), ...new Uint8Array(length)]);

const SYN = { at: 0, bytes: to(tcp(4000, 80, FLAGS.syn, 99)) };
const SYN_ACK = { at: 0.01, bytes: from(tcp(80, 4000, FLAGS.syn | FLAGS.ack, 499, 100)) };
const GET = { at: 0.02, bytes: to(data([4000, 80], 100, 500, 10)) };

describe('who fell silent, who was not answered, what was sent again', () => {
  test('a handshake that nobody answers', async () => {
    const again = [1, 3].map((at) => ({ ...SYN, at }));
    const { troubles } = await reading(file(SYN, ...again));
    expect(troubles).toEqual([
      '3 packets from 10.88.0.2.4000, and 198.51.100.1.80 never answered',
      '10.88.0.2.4000 sent 2 packets of 3 again',
    ]);
  });

  test('data that is sent again to somebody who fell silent', async () => {
    const { troubles } = await reading(file(SYN, SYN_ACK, GET, { ...GET, at: 0.3 }, { ...GET, at: 2.51 }));
    expect(troubles).toEqual([
      '10.88.0.2.4000 sent 2 packets of 4 again',
      '198.51.100.1.80 fell silent 2.5 s before the last word of 10.88.0.2.4000',
    ]);
  });

  test('a connection where all is well', async () => {
    const answered = { at: 0.03, bytes: from(data([80, 4000], 500, 110, 900)) };
    const ended = { at: 9, bytes: to(tcp(4000, 80, FLAGS.ack, 110, 1400)) };
    expect((await reading(file(SYN, SYN_ACK, GET, answered, ended))).troubles).toEqual([]);
  });

  test('a keepalive is nothing sent again', async () => {
    const answered = { at: 0.03, bytes: from(tcp(80, 4000, FLAGS.ack, 500, 110)) };
    const probe = { at: 5, bytes: to(data([4000, 80], 109, 500, 1)) };
    const alive = { at: 5.01, bytes: from(tcp(80, 4000, FLAGS.ack, 500, 110)) };
    expect((await reading(file(SYN, SYN_ACK, GET, answered, probe, alive))).troubles).toEqual([]);
  });

  test('a sequence number that begins anew behind its last', async () => {
    const near = 0xffff_fff0;
    const one = { at: 0, bytes: to(data([4000, 80], near, 1, 100)) };
    const two = { at: 0.1, bytes: to(data([4000, 80], (near + 100) >>> 0, 1, 100)) };
    const seen = { at: 0.2, bytes: from(tcp(80, 4000, FLAGS.ack, 1, (near + 200) >>> 0)) };
    expect((await reading(file(one, two, seen))).troubles).toEqual([]);
  });

  test('an answer that NAT translates back is one', async () => {
    const uplink = '203.0.113.1';
    const out = ethernet(
      0x0800,
      ip({ source: uplink, destination: FAR }, PROTOCOL.tcp, tcp(4000, 80, FLAGS.syn, 99)),
    );
    const back = ethernet(
      0x0800,
      ip({ source: FAR, destination: uplink }, PROTOCOL.tcp, tcp(80, 4000, FLAGS.syn | FLAGS.ack, 499, 100)),
    );
    const { troubles, lines } = await reading(
      file(
        SYN,
        { at: 0.001, bytes: out, on: 1 },
        { at: 0.01, bytes: back, on: 1 },
        { ...SYN_ACK, at: 0.011 },
      ),
    );
    expect(lines).toHaveLength(2);
    expect(troubles).toEqual([]);
  });

  test('a refusal; a question and a ping without answer', async () => {
    const refused = { at: 0.01, bytes: from(tcp(80, 4000, FLAGS.rst | FLAGS.ack, 0, 100)) };
    const question = { at: 1, bytes: to(udp(5000, 53, Buffer.from('?')), PROTOCOL.udp) };
    const ping = { at: 2, bytes: to(icmp(8, 0, 0x00070001, Buffer.from('p')), PROTOCOL.icmp) };
    expect((await reading(file(SYN, refused, question, ping))).troubles).toEqual([
      '198.51.100.1.80 reset the connection',
      '1 packet from 10.88.0.2.5000, and 198.51.100.1.53 never answered',
      '1 packet from 10.88.0.2, and 198.51.100.1 never answered',
    ]);
  });
});

describe('journeys', () => {
  test('of a packet at two interfaces of any program’s file, out of order too', async () => {
    const nat = ethernet(
      0x0800,
      ip({ source: '192.0.2.1', destination: FAR }, PROTOCOL.tcp, tcp(61_000, 80, FLAGS.syn, 99)),
    );
    const { lines } = await reading(
      file({ at: 0.00002, bytes: nat, on: 1, direction: 'out' }, { ...SYN, direction: 'in' }),
    );
    expect(lines).toEqual([
      'Out eth0 → eth1 +20 us  IP 10.88.0.2.4000 > 198.51.100.1.80: Flags [S], seq 99, win 0, length 0 [at eth1: 192.0.2.1.61000 > 198.51.100.1.80]',
    ]);
  });

  test('of a cooked capture of all interfaces', async () => {
    const cooked = (ifindex: number, kind: number): Uint8Array => {
      const head = Buffer.alloc(20);
      head.writeUInt16BE(0x0800, 0);
      head.writeUInt32BE(ifindex, 4);
      head[10] = kind;
      return Buffer.concat([head, SYN.bytes.subarray(14)]);
    };
    const all = Buffer.concat([
      section,
      interfaceBlock({ ...uplink, name: null }, LINK.cooked2, 0),
      packetBlock(packet({ bytes: cooked(4, 0), at: BEGAN })),
      packetBlock(packet({ bytes: cooked(2, 4), at: BEGAN + 9000n })),
    ]);
    expect((await reading(all)).lines).toEqual([
      expect.stringMatching(/^Out if4 → if2 \+9 us {2}IP 10\.88\.0\.2\.4000 > /),
    ]);
  });
});

describe('what cannot be shown is said', () => {
  test('a link type that is not read, a file cut short, one that breaks a rule', async () => {
    const strange = Buffer.concat([section, interfaceBlock(uplink, 105, 0), packetBlock(packet())]);
    expect([...(await reading(strange)).unread]).toEqual([[105, 1]]);
    const whole = file(SYN, SYN_ACK);
    const cut = await reading(whole.subarray(0, -3));
    expect([cut.lines.length, cut.incomplete]).toEqual([
      1,
      expect.stringMatching(/^it ends within a record/),
    ]);
    const broken = await reading(Buffer.concat([whole, Buffer.alloc(40)]));
    expect([broken.lines.length, broken.malformed]).toEqual([
      2,
      { what: 'a block of 0 bytes cannot be', at: whole.length },
    ]);
  });
});
