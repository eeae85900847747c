// The host asks again with one thing as the container's packet had it; a middlebox made of a few lines answers.
import { expect, test } from 'vitest';
import { realClock } from '../../src/host/clock.ts';
import type { Machine, PacketFrame, SocketEvent, SocketSpec } from '../../src/host/machine.ts';
import { known } from '../../src/model/answer.ts';
import type { Header, Syn } from '../../src/model/header.ts';
import type { Control, Try } from '../../src/model/scene.ts';
import type { ProbeOutcome } from '../../src/model/sighting.ts';
import { readSyn, writeSyn } from '../../src/wire/syn.ts';
import type { Open } from '../../src/witness/control.ts';
import { tryEach } from '../../src/witness/tries.ts';
import { healthy, silent } from '../causes/scene.ts';
import { sighting } from '../examples/sighting.ts';
import { ip, PROTOCOL } from './../wire/frame.ts';

const OWN: Syn = { ecn: 0, options: { 2: '05b4', 4: '', 8: '0000000100000000' } };
const PORT = 40_000;
const WAIT = 300;

/** A segment as a raw IPv4 socket delivers it: with an IP header before it. */
const delivered = (segment: Uint8Array): Uint8Array =>
  Uint8Array.from([0x45, ...new Uint8Array(19), ...segment]);

/** What a SYN of ours is answered with: SYN and ACK, its number and one. */
function answer(segment: Uint8Array): Uint8Array {
  const bytes = Buffer.alloc(20);
  bytes.writeUInt32BE((Buffer.from(segment).readUInt32BE(4) + 1) >>> 0, 8);
  bytes[13] = 0x12;
  return delivered(bytes);
}

/** `drops`: what the middlebox lets nobody pass with. */
function world(drops: (asked: { syn?: Syn; ttl?: number; tos?: number; source?: string }) => boolean) {
  const asked: string[] = [];
  const up0 = healthy().path.hops.find(({ id }) => id === 'host/up0')!;
  const flow = { ...healthy().flow, proto: 'tcp' as const, port: 80 };
  const ends = { source: '192.0.2.1', destination: flow.address, sourcePort: PORT, destinationPort: 80 };
  let frames: (frame: PacketFrame) => void = () => {};
  const machine = {
    ...realClock,
    random: () => 7,
    packets: (_: unknown, __: string, onFrame: typeof frames) => {
      frames = onFrame;
      return known({ look() {}, statistics: () => ({ seen: 1, lost: 0 }), stop: async () => {} }, []);
    },
    open: (spec: SocketSpec, onEvent: (event: SocketEvent) => void) =>
      known(
        {
          localPort: PORT,
          localAddress: '192.0.2.1',
          only() {},
          close() {},
          send: (segment: Uint8Array) => {
            const syn = readSyn(segment);
            asked.push(`syn ${JSON.stringify(syn)}`);
            if (!drops({ ...spec, syn })) {
              const event = { type: 'data' as const, bytes: answer(segment), from: flow.address, at: 1n };
              queueMicrotask(() => onEvent(event));
            }
            return null;
          },
        },
        [],
      ),
  } as unknown as Machine;
  const open: Open = (
    _,
    { kind: _kind, flow: _flow, count: _c, first: _f, netns: _n, onOutcome, ...bound },
  ) => {
    const run = { flow, ports: [PORT], first: 0, sequences: new Map(), realDestination: flow.address };
    return known(
      {
        run: run as never,
        close() {},
        async send() {
          asked.push(`connect ${JSON.stringify(bound)}`);
          const packet = ip(ends, PROTOCOL.tcp, writeSyn(ends, 5, OWN));
          packet[8] = bound.ttl ?? 64;
          const about = {
            protocol: 0x0800,
            direction: 'out' as const,
            foreign: false,
            senderMac: null,
            hardware: 1,
            stamp: null,
            vlan: null,
            header: 0,
          };
          frames({ ...about, ifindex: up0.link.ifindex, bytes: packet, length: packet.length, at: 1n });
          const outcome: ProbeOutcome = {
            probe: 0,
            result: 'answered',
            microseconds: 1,
            errno: null,
            says: null,
          };
          if (!drops({ syn: OWN, ...bound })) queueMicrotask(() => onOutcome(outcome));
        },
      },
      [],
    );
  };
  return { machine, open, flow, asked };
}

const heard: Control = { asked: true, answered: true, outcomes: [], says: '' };

async function tried(
  lost: Partial<Header>,
  drops: Parameters<typeof world>[0],
  about: Partial<{ heard: Control; wait: number; source: string; proto: 'tcp' | 'udp' }> = {},
) {
  const { machine, open, flow, asked } = world(drops);
  const lab = silent(healthy());
  const header: Header = { ttl: 64, dscp: 0, ecn: 0, syn: OWN, ...lost };
  const ends = { source: about.source ?? '192.0.2.1', sourcePort: 51_000, header };
  const sightings = [
    sighting('container/eth0', 'request', { sourcePort: 51_000 }),
    sighting('host/up0', 'request', ends),
  ];
  const { path, stacks } = lab as never as ReturnType<typeof healthy>;
  const asks = { ...flow, proto: about.proto ?? flow.proto };
  const of = { flow: asks, path: path as never, probe: 0, sightings, hits: [], host: stacks.host as never };
  const result = await tryEach(machine, { ...of, heard: about.heard ?? heard }, about.wait ?? WAIT, open);
  return { ...result, asked };
}

const silentOnes = (tries: readonly Try[] = []): string[] =>
  tries.filter(({ answered }) => !answered).map(({ trait, value }) => `${trait} ${value}`);

test('each difference is tried twice, and only the one that is minded stays silent', async () => {
  const both = { ttl: 63, syn: { ...OWN, ecn: 3 } };
  const found = await tried(both, ({ syn }) => syn?.ecn === 3);
  expect(found.contrasts?.map(({ trait }) => trait)).toEqual(['ttl', 'ecn']);
  expect(silentOnes(found.tries)).toEqual(['ecn flags ECE and CWR', 'ecn flags ECE and CWR']);
  expect(found.tries?.filter(({ trait }) => trait === 'ttl').map(({ answered }) => answered)).toEqual([
    true,
    true,
  ]);
  const other = await tried(both, ({ ttl }) => ttl === 63);
  expect(silentOnes(other.tries)).toEqual(['ttl 63', 'ttl 63']);
});

test('one option is taken out of the host’s own SYN, and the others stay', async () => {
  const { 8: _, ...without } = OWN.options;
  const found = await tried(
    { syn: { ecn: 0, options: without } },
    ({ syn }) => syn?.options[8] === undefined,
  );
  expect(silentOnes(found.tries)).toEqual(['tcp-option no timestamps', 'tcp-option no timestamps']);
  expect(found.asked).toContain(`syn ${JSON.stringify({ ecn: 0, options: without })}`);
});

test('a SYN of our own writing tells nothing where one like the host’s own is not answered', async () => {
  let written = 0;
  const found = await tried(
    { syn: { ...OWN, ecn: 3 } },
    ({ syn }) => syn === undefined || (syn !== OWN && ++written > 0),
  );
  expect(written).toBeGreaterThan(0);
  expect(found.tries).toEqual([]);
});

test('as another address only where the host holds it', async () => {
  expect((await tried({}, () => false, { source: '10.88.0.1' })).tries).toMatchObject([
    { trait: 'source', value: '10.88.0.1', answered: true },
    { trait: 'source' },
  ]);
  expect((await tried({}, () => false, { source: '203.0.113.9' })).tries).toEqual([]);
});

test('nothing is asked where nothing differs, the host is not answered, or no time is left', async () => {
  expect((await tried({}, () => false)).tries).toEqual([]);
  const unheard = await tried({ ttl: 63 }, () => false, { heard: { ...heard, answered: false } });
  expect(unheard.asked).toEqual([]);
  const again = await tried({ ttl: 63 }, () => false, { heard: { ...heard, again: true } });
  expect(again.asked).toEqual([]);
  const late = await tried({ ttl: 63 }, () => false, { wait: 100 });
  expect(late.asked).toEqual([]);
});

test('nothing is asked of a datagram that is refused: the far end may have told this host often enough', async () => {
  const refused = { probe: 0, result: 'refused', microseconds: 90, errno: null, says: null } as const;
  const about = { heard: { ...heard, outcomes: [refused] } };
  expect((await tried({ ttl: 63 }, () => false, { ...about, proto: 'udp' })).asked).toEqual([]);
  // A reset is told each time.
  expect((await tried({ ttl: 63 }, () => false, about)).asked).not.toEqual([]);
});
