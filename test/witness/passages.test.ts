import { expect, it } from 'vitest';
import type { Machine, PacketFrame, PacketPlan } from '../../src/host/machine.ts';
import { known, notKnown } from '../../src/model/answer.ts';
import type { ProbeRun } from '../../src/probe/kind.ts';
import { probeKindOf } from '../../src/probe/kinds.ts';
import { armPassages } from '../../src/witness/passages.ts';
import { healthy } from '../causes/scene.ts';

const run = {
  flow: healthy().flow,
  count: 1,
  first: 0,
  token: 0x11223344,
  lengths: [84],
  ports: [null],
  realDestination: '198.51.100.1',
  sequences: new Map(),
} as unknown as ProbeRun;

/** An echo reply from 198.51.100.1 to 192.0.2.1 with the run's token. */
function reply(): Uint8Array {
  const bytes = Buffer.alloc(84);
  bytes.set([0x45, 0, 0, 84, 0, 0, 0, 0, 64, 1, 0, 0, 198, 51, 100, 1, 192, 0, 2, 1]);
  bytes.writeUInt32BE(run.token, 28);
  return bytes;
}

const frame = (ifindex: number, about: Partial<PacketFrame> = {}): PacketFrame => ({
  ifindex,
  protocol: 0x0800,
  direction: 'in',
  foreign: false,
  hardware: 1,
  stamp: null,
  senderMac: '02:00:00:00:00:09',
  vlan: null,
  header: 0,
  bytes: reply(),
  length: 84,
  at: 5_000_000n,
  ...about,
});

function watching(frames: readonly PacketFrame[], lost = 0) {
  const asked: string[] = [];
  const machine = {
    packets: (_where: unknown, _plan: PacketPlan, onFrame: (frame: PacketFrame) => void) => {
      for (const one of frames) onFrame(one);
      return known({ look() {}, statistics: () => ({ seen: 9, lost }), onlyOn() {}, async stop() {} }, []);
    },
    linksIn: () => {
      asked.push('links');
      return known([{ ifindex: 77, name: 'up1' }], []);
    },
  } as unknown as Machine;
  const path = healthy().path as never;
  const witness = armPassages(machine, [{ side: 'host', netns: null }], path, [
    { kind: probeKindOf('icmp'), run },
  ]);
  return { witness, asked };
}

const uplink = (): number => healthy().path.hops.find(({ id }) => id === 'host/up0')!.link.ifindex;

it('tells an interface of the path from one beside it, and asks for names only then', () => {
  const near = watching([frame(uplink())]);
  expect(near.witness.read(1_000_000n)).toMatchObject([
    { hop: 'host/up0', onPath: true, kind: 'reply', probe: 0, at: 4000 },
  ]);
  expect(near.asked).toEqual([]);
  const far = watching([frame(77, { foreign: true })]);
  expect(far.witness.read(0n)).toMatchObject([
    { hop: 'host/up1', onPath: false, foreign: true, heading: 'in' },
  ]);
});

it('passes over what is nobody’s, and an interface that is gone', () => {
  const { witness } = watching([frame(77, { bytes: reply().subarray(0, 30) }), frame(78)]);
  expect(witness.read(0n)).toEqual([]);
});

it('says where it could not look, and when it saw too little', () => {
  expect(watching([]).witness.unwatched()).toEqual([]);
  expect(watching([], 3).witness.unwatched()).toMatchObject([
    { where: 'host', because: expect.stringContaining('3') },
  ]);
  const blind = { packets: () => notKnown('no-permission', 'EPERM', []) } as unknown as Machine;
  const witness = armPassages(blind, [{ side: 'container', netns: null }], healthy().path as never, [
    { kind: probeKindOf('icmp'), run },
  ]);
  expect(witness.unwatched()).toEqual([{ where: 'container', because: 'EPERM' }]);
});
