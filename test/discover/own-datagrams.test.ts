import { expect, it } from 'vitest';
import { watchDatagrams } from '../../src/discover/own-datagrams.ts';
import type { Machine, PacketFrame } from '../../src/host/machine.ts';
import { known, notKnown } from '../../src/model/answer.ts';
import { connection } from '../kernel/connection.ts';

const OWN = ['10.88.0.2', 5060] as const;
const FAR = ['198.51.100.1', 5070] as const;

function frame(from: readonly [string, number], to: readonly [string, number], ifindex = 2): PacketFrame {
  const bytes = Buffer.alloc(28);
  bytes[0] = 0x45;
  bytes.writeUInt16BE(28, 2);
  bytes[8] = 64;
  bytes[9] = 17;
  for (const [at, [address, port]] of [from, to].entries()) {
    Buffer.from(address.split('.').map(Number)).copy(bytes, 12 + 4 * at);
    bytes.writeUInt16BE(port, 20 + 2 * at);
  }
  bytes.writeUInt16BE(8, 24);
  return { ifindex, protocol: 0x0800, senderMac: null, bytes } as unknown as PacketFrame;
}

const ENDS = connection({
  proto: 'udp',
  sourcePort: OWN[1],
  destination: FAR[0],
  destinationPort: FAR[1],
});

function watch(...frames: PacketFrame[]) {
  const filters: string[] = [];
  const machine = {
    packets(_: unknown, { filter }: { filter: string }, onFrame: (frame: PacketFrame) => void) {
      filters.push(filter);
      for (const one of frames) onFrame(one);
      return known({ look() {}, stop: async () => {} }, []);
    },
  } as unknown as Machine;
  return { ...watchDatagrams(machine, { inode: 1, path: '/run/netns/a' }, ENDS).seen(), filters };
}

it('counts what the program sends, once for all interfaces that it crosses', () => {
  expect(watch(frame(OWN, FAR), frame(OWN, FAR), frame(OWN, FAR, 3))).toEqual({
    sent: 2,
    heard: false,
    filters: ['udp and host 198.51.100.1 and port 5070 and port 5060'],
  });
});

it('hears whatever comes back', () => {
  expect(watch(frame(OWN, FAR), frame(FAR, OWN))).toMatchObject({ sent: 1, heard: true });
});

it('has seen nothing where nobody may look', () => {
  const blind = { packets: () => notKnown('no-permission', 'not allowed', []) } as unknown as Machine;
  const { seen } = watchDatagrams(blind, { inode: 1, path: '/run/netns/a' }, ENDS);
  expect(seen()).toEqual({ sent: 0, heard: false });
});
