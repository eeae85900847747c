// packet(7): one socket, every interface of a namespace, and nothing but what the filter names.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { localMachine } from '../../src/host/local.ts';
import type { PacketFrame } from '../../src/host/machine.ts';
import { linksIn } from '../../src/host/sockets/links.ts';
import { decodeFrame, decodeNetwork } from '../../src/wire/packet.ts';
import { Lab } from './lab.ts';

let lab: Lab;
const machine = localMachine();
beforeAll(async () => {
  lab = await Lab.up();
});
afterAll(() => lab.down());

const namespace = () => {
  const netns = machine.netns(lab.namespace('host'));
  if (!netns.known) throw new Error(netns.detail);
  return netns.value;
};

function nameOf(ifindex: number): string {
  const links = linksIn(namespace());
  return (links.known && links.value.find((one) => one.ifindex === ifindex)?.name) || `${ifindex}`;
}

test('a ping is seen on each interface, in its direction, in time, and decoded', async () => {
  const frames: PacketFrame[] = [];
  const from = machine.now();
  const opened = machine.packets(namespace(), { filter: 'icmp[icmptype] = icmp-echo' }, (frame) =>
    frames.push(frame),
  );
  if (!opened.known) throw new Error(opened.detail);
  try {
    await lab.step({ in: 'A', sh: 'ping -n -c1 -W2 198.51.100.1' });
    opened.value.look();
    const seen = frames.map(({ ifindex, direction }) => `${nameOf(ifindex)} ${direction}`);
    expect(seen).toEqual(['vetha in', 'br0 in', 'up0 out']);
    for (const frame of frames) {
      // On a port it is addressed to the bridge.
      const foreign = nameOf(frame.ifindex) === 'vetha';
      expect(frame).toMatchObject({ protocol: 0x0800, length: 84, foreign });
      expect(decodeNetwork(frame.bytes, frame.protocol, null)).toMatchObject({
        destination: '198.51.100.1',
        icmp: { type: 8 },
      });
      expect(frame.at).toBeGreaterThan(from);
      expect(frame.at).toBeLessThan(machine.now());
    }
    expect(frames[0]!.senderMac).toMatch(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/);
    expect(opened.value.statistics()).toEqual({ seen: 3, lost: 0 });
  } finally {
    await opened.value.stop();
  }
});

test('with its Ethernet header, cut to a length, and on the interfaces named, until others are', async () => {
  const links = linksIn(namespace());
  const indexOf = (name: string) => (links.known ? links.value.find((one) => one.name === name)!.ifindex : 0);
  const frames: PacketFrame[] = [];
  const plan = {
    filter: 'icmp',
    layer: 'ethernet',
    snaplen: 60,
    devices: [indexOf('vetha'), indexOf('up0')],
  } as const;
  const opened = machine.packets(namespace(), plan, (frame) => frames.push(frame));
  if (!opened.known) throw new Error(opened.detail);
  const seen = () => frames.splice(0).map(({ ifindex, direction }) => `${nameOf(ifindex)} ${direction}`);
  try {
    await lab.step({ in: 'A', sh: 'ping -n -c1 -W2 198.51.100.1' });
    opened.value.look();
    for (const frame of frames) {
      expect(frame).toMatchObject({ protocol: 0x0800, hardware: 1, header: 14, length: 98, vlan: null });
      expect(frame.bytes).toHaveLength(60);
      expect(decodeFrame(frame.bytes, 'ETHERNET')).toMatchObject({ icmp: {}, length: 84 });
    }
    expect(seen()).toEqual(['vetha in', 'up0 out', 'up0 in', 'vetha out']);
    opened.value.onlyOn([indexOf('br0')]);
    await lab.step({ in: 'A', sh: 'ping -n -c1 -W2 198.51.100.1' });
    opened.value.look();
    expect(seen()).toEqual(['br0 in', 'br0 out']);
  } finally {
    await opened.value.stop();
  }
});

/** Without a program that holds it, nothing leaves by a tun. */
const tun = `python3 -c "
import fcntl, struct, subprocess
held = open('/dev/net/tun', 'r+b', buffering=0)
fcntl.ioctl(held, 0x400454ca, struct.pack('16sH', b'tun9', 0x1001))
subprocess.run(['ping', '-n', '-c1', '-W1', '203.0.113.9'])"`;

test('a tun has no Ethernet header: one layer shows it, the other does not', async () => {
  const seen: string[] = [];
  const watch = (layer: 'ethernet' | 'network') =>
    machine.packets(namespace(), { filter: 'icmp', layer }, ({ ifindex, hardware, header, bytes }) =>
      seen.push(`${layer} ${nameOf(ifindex)} ${hardware} ${header} ${bytes[header]! >> 4}`),
    );
  await lab.step({
    in: 'host',
    sh: 'ip tuntap add mode tun name tun9; ip addr add 203.0.113.1/24 dev tun9; ip link set tun9 up',
  });
  const opened = [watch('ethernet'), watch('network')];
  try {
    await lab.step({ in: 'host', sh: tun });
    for (const one of opened) if (one.known) one.value.look();
    expect(seen).toEqual(['network tun9 65534 0 4']);
  } finally {
    await lab.step({ in: 'host', sh: 'ip link del tun9' });
    for (const one of opened) if (one.known) await one.value.stop();
  }
});

test('a socket that is closed by whoever heard a frame of it hears no more', async () => {
  let heard = 0;
  let stopped: Promise<void> | undefined;
  const opened = machine.packets(namespace(), { filter: 'icmp' }, () => {
    heard++;
    if (opened.known) stopped = opened.value.stop();
  });
  if (!opened.known) throw new Error(opened.detail);
  await lab.step({ in: 'A', sh: 'ping -n -c1 -W2 198.51.100.1' });
  opened.value.look();
  await stopped;
  expect(heard).toBe(6);
  opened.value.look();
  await lab.step({ in: 'A', sh: 'ping -n -c1 -W2 198.51.100.1' });
  expect(heard).toBe(6);
});

test('an interface that comes later is seen too, and one that goes ends nothing', async () => {
  const frames: PacketFrame[] = [];
  const opened = machine.packets(namespace(), { filter: 'icmp[icmptype] = icmp-echo' }, (frame) =>
    frames.push(frame),
  );
  if (!opened.known) throw new Error(opened.detail);
  try {
    await lab.step({
      in: 'host',
      sh: 'ip link add late type veth peer name early; ip addr add 203.0.113.1/24 dev late; ip link set late up; ip link set early up; ip neigh add 203.0.113.9 lladdr 02:00:00:00:00:09 dev late; ping -n -c1 -W1 203.0.113.9; ip link del late; ping -n -c1 -W2 192.0.2.2',
    });
    opened.value.look();
    expect(frames.map(({ direction, foreign }) => [direction, foreign])).toEqual([
      ['out', false],
      ['in', true],
      ['out', false],
    ]);
    expect(nameOf(frames[2]!.ifindex)).toBe('up0');
  } finally {
    await opened.value.stop();
  }
});

test('more than there is room for is counted', async () => {
  const opened = machine.packets(namespace(), { filter: 'icmp' }, () => {});
  if (!opened.known) throw new Error(opened.detail);
  // Nobody reads while this thread sleeps.
  const flood = lab.step({ in: 'A', sh: 'ping -n -q -f -c 12000 -s 1400 10.88.0.1' });
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3000);
  const { seen, lost } = opened.value.statistics();
  await opened.value.stop();
  await flood;
  expect(lost).toBeGreaterThan(0);
  expect(seen).toBeGreaterThan(lost);
});

describe('a ring of one interface', () => {
  const links = () => {
    const all = linksIn(namespace());
    return all.known ? all.value : [];
  };
  const ring = (device: string, room: number, onFrame: (frame: PacketFrame) => void) => {
    const devices = [links().find(({ name }) => name === device)!.ifindex];
    const opened = machine.packets(
      namespace(),
      { filter: 'icmp', layer: 'ethernet', snaplen: 192, devices, room, ring: true },
      onFrame,
    );
    if (!opened.known) throw new Error(opened.detail);
    return opened.value;
  };

  test('shows the same as a socket of all of them', async () => {
    const [byRing, byCalls]: [PacketFrame[], PacketFrame[]] = [[], []];
    const one = ring('br0', 1 << 20, (frame) => byRing.push(frame));
    const all = machine.packets(namespace(), { filter: 'icmp', layer: 'ethernet', snaplen: 192 }, (frame) => {
      if (nameOf(frame.ifindex) === 'br0') byCalls.push(frame);
    });
    if (!all.known) throw new Error(all.detail);
    try {
      await lab.step({ in: 'A', sh: 'ping -n -c3 -i0.1 -s 400 -W2 198.51.100.1' });
      await sleep(100);
      one.look();
      all.value.look();
      const essence = ({ bytes, at: _, stamp, ...rest }: PacketFrame) => ({
        ...rest,
        stamped: stamp !== null,
        bytes: Buffer.from(bytes).toString('hex'),
      });
      expect(byRing).toHaveLength(6);
      expect(byRing.map(essence)).toEqual(byCalls.map(essence));
      // Both are stamped by the kernel on the packet's way, each in its turn.
      for (const [at, { stamp }] of byRing.entries())
        expect(Math.abs(Number(stamp! - byCalls[at]!.stamp!))).toBeLessThan(5_000_000);
      expect(byRing.map(({ at }) => at)).toEqual(
        byRing.map(({ at }) => at).toSorted((a, b) => Number(a - b)),
      );
    } finally {
      await one.stop();
      await all.value.stop();
    }
  });

  test('counts what it has no room for, goes on behind it, and gives its memory to the next', async () => {
    for (const turn of [1, 2]) {
      let heard = 0;
      const one = ring('br0', 1 << 16, () => heard++);
      // Nobody reads meanwhile.
      await lab.step({ in: 'A', sh: 'ping -n -q -f -c 1000 -s 400 10.88.0.1' });
      await sleep(100);
      for (let left = 20; left > 0; left--) one.look();
      const { seen, lost } = one.statistics();
      expect({ turn, seen, heard }).toEqual({ turn, seen: 2000, heard: 2000 - lost });
      expect(lost).toBeGreaterThan(0);
      await lab.step({ in: 'A', sh: 'ping -n -c1 -W1 10.88.0.1' });
      await sleep(100);
      await one.stop();
      expect(heard).toBe(2002 - lost);
    }
  });

  test('is closed by whoever heard a frame of it', async () => {
    let heard = 0;
    const one = ring('br0', 1 << 20, () => {
      heard++;
      void one.stop();
    });
    await lab.step({ in: 'A', sh: 'ping -n -c1 -W2 198.51.100.1' });
    await sleep(100);
    one.look();
    one.look();
    expect(heard).toBe(1);
  });
});

test('ARP and IPv6 pass a filter that names them, on whatever kind of link', async () => {
  const frames: PacketFrame[] = [];
  const filter = '(arp and arp host 10.88.0.77) or (ip6 and udp port 7777)';
  const opened = machine.packets(namespace(), { filter }, (frame) => frames.push(frame));
  if (!opened.known) throw new Error(opened.detail);
  try {
    await lab.step({
      in: 'host',
      sh: 'ping -n -c1 -W1 10.88.0.77; sysctl -qw net.ipv6.conf.lo.disable_ipv6=0; echo x >/dev/udp/::1/7777; echo x >/dev/udp/::1/7778',
    });
    opened.value.look();
    const shown = new Set(
      frames.map(({ ifindex, protocol }) => `${nameOf(ifindex)} ${protocol.toString(16)}`),
    );
    expect([...shown]).toEqual(expect.arrayContaining(['br0 806', 'lo 86dd']));
    expect(frames.filter(({ protocol }) => protocol === 0x86dd)).toHaveLength(2);
  } finally {
    await opened.value.stop();
  }
});

test('words that are no filter are refused, with the reason', () => {
  const opened = machine.packets(namespace(), { filter: 'port nonsense and' }, () => {});
  expect(opened).toMatchObject({ known: false });
  expect(!opened.known && opened.detail).toMatch(/^filter: /);
  expect(machine.packets(namespace(), { filter: 'ether src 02:00:00:00:00:01' }, () => {})).toMatchObject({
    known: false,
  });
});
