import { expect, it } from 'vitest';
import { watchAttempts } from '../../src/discover/attempts.ts';
import type { Machine, PacketFrame } from '../../src/host/machine.ts';
import { known } from '../../src/model/answer.ts';
import type { SocketState } from '../../src/model/socket.ts';
import { connection } from '../kernel/connection.ts';

/** A RST of this end, as it answers a SYN unless told. */
function rst(source: string, port: number, sequence = 0, to = '10.88.0.2'): PacketFrame {
  const bytes = Buffer.alloc(40);
  bytes[0] = 0x45;
  bytes.writeUInt16BE(40, 2);
  bytes[8] = 64;
  bytes[9] = 6;
  for (const [index, part] of source.split('.').entries()) bytes[12 + index] = Number(part);
  for (const [index, part] of to.split('.').entries()) bytes[16 + index] = Number(part);
  bytes.writeUInt16BE(port, 20);
  bytes.writeUInt16BE(40_000, 22);
  bytes.writeUInt32BE(sequence, 24);
  bytes.writeUInt32BE(7, 28);
  bytes[32] = 0x50;
  bytes[33] = 0x14;
  const about = { ifindex: 2, protocol: 0x0800, direction: 'in', foreign: false, senderMac: null } as const;
  return { ...about, bytes, length: 40, at: 0n } as unknown as PacketFrame;
}

/** `snmp`: /proc/net/snmp of the namespace, which has 10.88.0.2 alone. */
function seen(frames: PacketFrame[], sockets: SocketState[] = [], own?: number, snmp = '') {
  let stopped = false;
  let looks = 0;
  let tick = (): void => {};
  const machine = {
    packets(_: unknown, __: unknown, onFrame: (frame: PacketFrame) => void) {
      for (const frame of frames) onFrame(frame);
      return known(
        {
          look() {},
          stop: async () => {
            stopped = true;
          },
        },
        [],
      );
    },
    list: () => known([], []),
    linksIn: () => known([{ addresses: ['10.88.0.2/24', 'fd00:88::2/64'] }], []),
    read: () => known(snmp, []),
    now: () => 10n ** 9n,
    after(_: number, then: () => void) {
      tick = then;
      return () => {};
    },
    sockets() {
      looks++;
      return known(sockets, []);
    },
  } as unknown as Machine;
  const attempts = watchAttempts(machine, { inode: 1, path: '/run/netns/a' }, (port) => port === own);
  return {
    all: attempts.seen(),
    isOpen: attempts.isOpen,
    look: () => tick(),
    stop: attempts.stop,
    isStopped: () => stopped,
    looks: () => looks,
  };
}

it('tells the end that refuses again, the one that does so most first', async () => {
  const { all, stop, isStopped } = seen([
    ...[1, 2].map(() => rst('198.51.100.1', 6379)),
    ...[1, 2, 3].map(() => rst('198.51.100.2', 80)),
  ]);
  expect(all.map(({ how, address, port, times }) => [how, address, port, times])).toEqual([
    ['refused', '198.51.100.2', 80, 3],
    ['refused', '198.51.100.1', 6379, 2],
  ]);
  await stop();
  expect(isStopped()).toBe(true);
});

it('tells no single refusal, no reset of a connection that stood, none of the loopback', () => {
  expect(seen([rst('198.51.100.1', 80)]).all).toEqual([]);
  expect(seen([1, 2].map(() => rst('198.51.100.1', 80, 9))).all).toEqual([]);
  expect(seen([1, 2].map(() => rst('127.0.0.1', 80))).all).toEqual([]);
});

it('looks at the sockets only where something was refused again', () => {
  expect(seen([]).looks()).toBe(0);
  expect(seen([rst('198.51.100.1', 80)]).looks()).toBe(0);
  expect(seen([1, 2].map(() => rst('198.51.100.1', 80))).looks()).toBe(1);
});

it('tells none where another address takes the program at the same port', () => {
  const twice = [1, 2].map(() => rst('198.51.100.1', 80));
  expect(
    seen(twice, [connection({ state: 'TIME-WAIT', destination: '198.51.100.2', sourcePort: 40_001 })]).all,
  ).toEqual([]);
  expect(seen(twice, [connection({ state: 'SYN-SENT', sourcePort: 40_001 })]).all).toHaveLength(1);
  expect(seen(twice, [connection({ destinationPort: 81, sourcePort: 40_001 })]).all).toHaveLength(1);
});

/** What nobody answers, so long ago: milliseconds. */
const asking = (ago: number, ...more: PacketFrame[]): PacketFrame[] => askedBy('10.88.0.2', ago, more);
const askedBy = (source: string, ago: number, more: PacketFrame[] = []): PacketFrame[] => [
  { ...rst(source, 40_000), ...syn(source), at: 10n ** 9n - BigInt(ago * 1e6) },
  ...more,
];
function syn(source: string): Partial<PacketFrame> {
  const bytes = Buffer.from(rst(source, 40_000).bytes);
  for (const [index, part] of [198, 51, 100, 1].entries()) bytes[16 + index] = part;
  bytes.writeUInt16BE(443, 22);
  bytes[33] = 0x02;
  return { bytes, direction: 'out' };
}

it('tells what was tried and nobody answers, when an answer would have come', () => {
  expect(seen(asking(400)).all).toMatchObject([
    { how: 'connecting', address: '198.51.100.1', port: 443, since: 400, times: 1, holder: null },
  ]);
  expect(seen(asking(100)).all).toEqual([]);
  expect(seen(asking(100)).isOpen()).toBe(true);
  expect(seen(asking(400)).isOpen()).toBe(false);
  expect(seen(asking(400, rst('198.51.100.1', 443))).all).toEqual([]);
  expect(seen(asking(400, rst('198.51.100.1', 443))).isOpen()).toBe(true);
});

it('tells none of a socket that only somebody who visits has', () => {
  expect(seen(asking(400), [connection({ state: 'SYN-SENT', destinationPort: 443 })]).all).toEqual([]);
});

it('tells nothing that netdoctor itself has asked', () => {
  expect(seen(asking(400), [], 40_001).all).toHaveLength(1);
  expect(seen(asking(400), [], 40_000).all).toEqual([]);
  expect(seen([rst('198.51.100.1', 443)], [], 40_000).isOpen()).toBe(false);
});

it('tells of a socket that waits, whatever becomes of its SYN', () => {
  const one = seen([], [connection({ state: 'SYN-SENT', destinationPort: 443 })]);
  one.look();
  expect(one.isOpen()).toBe(true);
});

const FORWARDS = 'Ip: Forwarding ForwDatagrams\nIp: 1 12\n';

it('tells nothing that the namespace only passes on', () => {
  const refused = [1, 2].map(() => rst('198.51.100.1', 443, 0, '10.99.0.7'));
  expect(seen(askedBy('10.99.0.7', 400)).all).toEqual([]);
  expect(seen(askedBy('10.99.0.7', 100)).isOpen()).toBe(false);
  expect(seen(refused).all).toEqual([]);
});

it('tells what nobody answers with its holder alone where NAT may have given others its address', () => {
  expect(seen(asking(400), [], undefined, FORWARDS).all).toEqual([]);
  expect(seen(asking(400), [], undefined, FORWARDS.replace('12', '0')).all).toHaveLength(1);
  expect(
    seen(
      [1, 2].map(() => rst('198.51.100.1', 80)),
      [],
      undefined,
      FORWARDS,
    ).all,
  ).toHaveLength(1);
});

it('shows it by a filter in which the address stands for all of it', () => {
  const [refused] = seen([1, 2].map(() => rst('198.51.100.1', 80))).all;
  expect(refused?.source.at(-1)).toMatch(/^src 198\.51\.100\.1 and \(.* or .*\)$/);
});
