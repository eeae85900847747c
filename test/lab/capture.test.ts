// Both engines, on the same interfaces at the same time: the same frames, and nothing of the host changed.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { localMachine } from '../../src/host/local.ts';
import type { Capture, CaptureEngine, CaptureEvent, CapturePoint, Frame } from '../../src/host/machine.ts';
import { decodeFrame } from '../../src/wire/packet.ts';
import { Lab } from './lab.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.up();
});
afterAll(() => lab.down());

const ENGINES = ['packet', 'cap'] as const;

/** How many want frames that are not for this interface. */
async function promiscuity(device: string): Promise<number> {
  const { said } = await lab.step({ in: 'host', sh: `ip -j -d link show dev ${device}` });
  return JSON.parse(said)[0].promiscuity;
}

function point(where: 'host' | 'A', device: string, filter: string): CapturePoint {
  const netns = localMachine().netns(lab.namespace(where));
  if (!netns.known) throw new Error(netns.detail);
  return { hop: `${where}/${device}`, device, netns: netns.value, filter };
}

interface Watching {
  readonly capture: Capture;
  readonly events: CaptureEvent[];
  frames(): Frame[];
}

async function watch(engine: CaptureEngine, points: readonly CapturePoint[]): Promise<Watching> {
  const events: CaptureEvent[] = [];
  const capture = localMachine(engine).capture(points, (event) => events.push(event));
  await capture.ready;
  const frames = (): Frame[] => events.flatMap((event) => (event.type === 'frame' ? [event.frame] : []));
  return { capture, events, frames };
}

const path = (filter: string): CapturePoint[] => [
  point('A', 'eth0', filter),
  point('host', 'vetha', filter),
  point('host', 'br0', filter),
  point('host', 'up0', filter),
];

/** A promiscuous bridge hands every frame to its host too, which would route a copy of what the bridge carries. */
test.each(ENGINES)('%s leaves its interface as it was, and sees what crosses it', async (engine) => {
  const before = await promiscuity('br0');
  const { capture, frames } = await watch(engine, [point('host', 'br0', 'icmp')]);
  try {
    expect(await promiscuity('br0')).toBe(before);
    await lab.step({ in: 'A', sh: 'ping -n -c1 -W2 198.51.100.1' });
    await expect.poll(() => frames().length).toBe(2);
  } finally {
    await capture.stop();
  }
});

test.each([
  ['an echo and its answer', 'icmp', 'ping -n -c3 -i0.01 -W2 198.51.100.1'],
  ['a connection', 'tcp port 80', 'exec 3<>/dev/tcp/198.51.100.1/80; exec 3>&-; sleep 0.2; true'],
  [
    'a datagram and the error about it',
    'udp port 7777 or icmp',
    'echo x >/dev/udp/198.51.100.1/7777; sleep 0.2',
  ],
  ['a question for a neighbour', 'arp', 'ip neigh flush dev eth0; ping -n -c1 -W2 10.88.0.1'],
  ['a packet of full size', 'icmp', 'ping -n -c1 -s 1472 -W2 198.51.100.1'],
])('both see the same frames: %s', async (_what, filter, sh) => {
  const [packet, cap] = await Promise.all(ENGINES.map((engine) => watch(engine, path(filter))));
  const shown = ({ frames }: Watching) =>
    frames()
      .map(
        ({ hop, link, length, bytes }) =>
          `${hop} ${link} ${length} ${Buffer.from(bytes).toString('hex', 0, 60)}`,
      )
      .toSorted();
  try {
    await lab.step({ in: 'A', sh });
    expect(await packet!.capture.settled(1000)).toBe(true);
    expect(await cap!.capture.settled(1000)).toBe(true);
    expect(packet!.frames().length).toBeGreaterThanOrEqual(2);
    expect(shown(packet!)).toEqual(shown(cap!));
  } finally {
    await packet!.capture.stop();
    await cap!.capture.stop();
  }
});

test('frames carry the moment they passed: in the order of the path, however late they are read', async () => {
  const { capture, frames } = await watch('packet', path('icmp'));
  try {
    await lab.step({ in: 'A', sh: 'ping -n -c5 -i0.01 -W2 198.51.100.1' });
    await capture.settled(1000);
    const ways = new Map<string, string[]>();
    for (const frame of frames().toSorted((a, b) => Number(a.at - b.at))) {
      const icmp = decodeFrame(frame.bytes, frame.link)!.icmp!;
      const key = `${icmp.sequence} ${icmp.type}`;
      ways.set(key, [...(ways.get(key) ?? []), frame.hop]);
    }
    const there = ['A/eth0', 'host/vetha', 'host/br0', 'host/up0'];
    expect([...ways.values()]).toEqual(Array.from({ length: 5 }).flatMap(() => [there, there.toReversed()]));
    expect(frames().every(({ at }) => at < process.hrtime.bigint())).toBe(true);
  } finally {
    await capture.stop();
  }
});

test('loopback shows a packet once, as libpcap does', async () => {
  const points = [point('A', 'lo', 'icmp')];
  const [packet, cap] = await Promise.all(ENGINES.map((engine) => watch(engine, points)));
  try {
    await lab.step({ in: 'A', sh: 'ping -n -c1 -W2 127.0.0.1' });
    await packet!.capture.settled(1000);
    await cap!.capture.settled(1000);
    expect(packet!.frames()).toHaveLength(2);
    expect(cap!.frames()).toHaveLength(2);
  } finally {
    await packet!.capture.stop();
    await cap!.capture.stop();
  }
});

describe('what cannot be watched is said', () => {
  test.each(ENGINES)(
    'by %s: an interface that is down, one that is not there, words that are no filter',
    async (engine) => {
      await lab.step({ in: 'host', sh: 'ip link add idle type bridge' });
      const points = [
        point('host', 'idle', 'icmp'),
        point('host', 'nosuch', 'icmp'),
        point('host', 'br0', 'icmp and'),
        point('host', 'up0', 'icmp'),
      ];
      const { capture, events } = await watch(engine, points);
      await capture.stop();
      await lab.step({ in: 'host', sh: 'ip link del idle' });
      const failed = events.flatMap((event) => (event.type === 'failed' ? [event.hop] : []));
      expect(failed).toEqual(['host/idle', 'host/nosuch', 'host/br0']);
      expect(events.flatMap((event) => (event.type === 'armed' ? [event.hop] : []))).toEqual(['host/up0']);
    },
  );

  test.each([
    ['went away', 'ip link del early'],
    ['went down', 'ip link set late down'],
  ])('an interface that %s meanwhile', async (because, sh) => {
    await lab.step({
      in: 'host',
      sh: 'ip link del late 2>/dev/null; ip link add late type veth peer name early; ip link set late up; ip link set early up',
    });
    const { capture, events } = await watch('packet', [point('host', 'late', 'icmp')]);
    try {
      await lab.step({ in: 'host', sh });
      await expect
        .poll(() => events.at(-1))
        .toEqual({ type: 'ended', because: `late ${because}, while it was watched` });
    } finally {
      await capture.stop();
    }
  });
});
