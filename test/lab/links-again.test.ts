// A large namespace is told again in part: whatever has changed in between is told as iproute2 tells it.
import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { linksFrom } from '../../src/discover/ip/link.ts';
import { askIp, readStack } from '../../src/discover/stack.ts';
import { localMachine } from '../../src/host/local.ts';
import { Unworded } from '../../src/host/sockets/network/entry.ts';
import type { LinkTold } from '../../src/host/sockets/network/link.ts';
import { keptLinks, unchangedLinks } from '../../src/host/sockets/network/standing-links.ts';
import { linksAhead, networkIn } from '../../src/host/sockets/network.ts';
import { inside } from '../../src/host/sys/namespace.ts';
import type { Netns } from '../../src/model/netns.ts';
import type { Link, Stack } from '../../src/model/stack.ts';
import { guestsOn } from './crowd.ts';
import { Lab } from './lab.ts';
import { removeNamespaces } from './run.ts';

const machine = localMachine();
const guests = Array.from({ length: 80 }, (_, at) => at);
let lab: Lab;
let names: string[] = [];
beforeAll(async () => {
  lab = await Lab.up();
  names = guests.map((at) => `${lab.id}-g${at}`);
  await guestsOn(lab.names.host, 'br0', names);
}, 60_000);
afterAll(() => {
  removeNamespaces(names);
  lab.down();
});

function host(): Netns {
  const netns = machine.netns(lab.namespace('host'));
  if (!netns.known) throw new Error(netns.detail);
  return netns.value;
}

async function stack(read: Promise<{ known: boolean }>): Promise<Stack> {
  const answer = (await read) as { known: boolean; value: Stack; detail: string };
  if (!answer.known) throw new Error(answer.detail);
  return answer.value;
}

const plain = ({ data: _, ...link }: Link) => link;

test.each([
  ['nothing', 'true'],
  ['a port of the bridge', 'bridge link set dev v7 isolated on hairpin on'],
  ['its state', 'bridge link set dev vethb state 4'],
  ['an MTU', 'ip link set v9 mtu 1400'],
  ['a name', 'ip link set v10 down; ip link set v10 name w10; ip link set w10 up'],
  ['a hardware address', 'ip link set v11 address 02:00:00:00:11:11'],
  ['a link that is down', 'ip link set v12 down'],
  ['a port that is none any more', 'ip link set v13 nomaster'],
  ['a port of another bridge', 'ip link set v14 master br1'],
  ['a link that is gone', 'ip link del v15'],
  ['a new one', 'ip link add new0 type veth peer name new1; ip link set new0 master br0 up'],
  ['a queue', 'tc qdisc add dev v16 root pfifo'],
  ['the bridge', 'ip link set br0 type bridge stp_state 1; ip link set br0 type bridge stp_state 0'],
  ['an address', 'ip addr add 10.77.0.1/24 dev v18'],
  ['a carrier', `nsenter --net=/run/netns/$NAME ip link set eth0 up`],
])('%s has changed', async (_, sh) => {
  const netns = host();
  await stack(readStack(machine, netns));
  const script = sh.replace('$NAME', names[19]!);
  const { exitCode, said } = await lab.step({ in: 'host', sh: script });
  expect(exitCode, said).toBe(0);
  // What the kernel looks at a moment later, as a carrier, it has told by then.
  await new Promise((resolve) => setTimeout(resolve, 50));
  const again = await stack(readStack(machine, netns, []));
  const byIp = await stack(askIp(machine, netns));
  expect(again.links.map(plain)).toEqual(byIp.links.map(plain));
});

test('whom the path crosses is looked at in any case, and asked again nothing stands that has changed', async () => {
  const netns = host();
  const first = await stack(readStack(machine, netns));
  const crossed = first.links.find(({ name }) => name === 'v20')!;
  const again = await stack(readStack(machine, netns, [crossed.ifindex]));
  expect(again.links.map(plain)).toEqual(first.links.map(plain));
  await lab.step({ in: 'host', sh: 'ip link set v21 mtu 1300' });
  for (const near of [[], [crossed.ifindex]]) {
    const later = await stack(readStack(machine, netns, near));
    expect(later.links.find(({ name }) => name === 'v21')?.mtu).toBe(1300);
  }
});

const links = (count: number): LinkTold[] =>
  Array.from({ length: count }, (_, at) => ({
    ifindex: at + 1,
    name: `x${at}`,
    isPortOfPair: true,
    master: 1,
    lower: 0,
    entry: () => ({}),
  }));

test('those of a large namespace stand until the kernel tells of a change, or of more than there is room for', async () => {
  const keep = (count: number) => inside(host(), () => keptLinks(-1, () => links(count)));
  const kept = keep(100);
  expect(unchangedLinks(-1)).toBe(kept);
  await lab.step({ in: 'host', sh: 'ip addr add 10.78.0.1/24 dev v22' });
  expect(unchangedLinks(-1)).toBe(kept);
  await lab.step({ in: 'host', sh: 'ip link set v22 mtu 1280' });
  expect(unchangedLinks(-1)).toBeUndefined();
  keep(100);
  const many = 'for i in $(seq 1500); do echo link set v22 mtu $((1280 + i % 2)); done | ip -batch -';
  await lab.step({ in: 'host', sh: many });
  expect(unchangedLinks(-1)).toBeUndefined();
  keep(3);
  expect(unchangedLinks(-1)).toBeUndefined();
});

test('of many links the first are told at once, all when they are read, and ports by themselves', async () => {
  const all = await stack(readStack(machine, host()));
  const crossed = all.links.find(({ name }) => name === 'v30')!;
  const told = inside(host(), () => networkIn(null, [crossed.ifindex], 'anew'));
  if (!told.known || !told.value.first) throw new Error('all were told');
  const names = told.value.first.map(({ ifname }) => ifname);
  const below = all.links.filter(({ master }) => master === null).map(({ linkName }) => linkName);
  const expected = all.links.filter(
    ({ name, master, addresses }) =>
      master === null ||
      name === 'v30' ||
      below.includes(name) ||
      addresses.some(({ address }) => !address.startsWith('fe80:')),
  );
  expect(names).toEqual(expected.map(({ name }) => name));
  expect(names).not.toContain('v31');
  expect(linksFrom(told.value.first).map(plain)).toEqual(expected.map(plain));
  const rest = inside(host(), () => told.value.links);
  expect(linksFrom(rest).map(plain)).toEqual(all.links.map(plain));
  const bridge = all.links.find(({ name }) => name === 'br0')!;
  const ports = machine.portsOf(host(), bridge.ifindex, 30);
  if (!ports.known) throw new Error(ports.detail);
  const firstPorts = all.links.filter(({ master }) => master === 'br0').slice(0, 30);
  expect(linksFrom(ports.value).map(plain)).toEqual(firstPorts.map(plain));
});

test('links that a thread is told stand as those that this one was told, and few are not told ahead', async () => {
  const ahead = inside(host(), linksAhead);
  expect(ahead).not.toBeNull();
  await ahead;
  const stands = unchangedLinks(0);
  expect(stands?.length).toBeGreaterThan(guests.length);
  // Whoever is told the first again has the rest from there; a new question has nothing of an earlier one.
  const again = inside(host(), () => networkIn(null, [], 'again'));
  expect(again.known && again.value.first && unchangedLinks(0)).toBe(stands);
  await lab.step({ in: 'host', sh: 'ip link set v23 mtu 1310' });
  expect(unchangedLinks(0)).toBeUndefined();
  await inside(host(), linksAhead);
  expect(unchangedLinks(0)).toBeDefined();
  inside(host(), () => networkIn(null, [], 'anew'));
  expect(unchangedLinks(0)).toBeUndefined();
  const far = machine.netns(lab.namespace('LAN'));
  if (!far.known) throw new Error(far.detail);
  expect(inside(far.value, linksAhead)).toBeNull();
  expect(unchangedLinks(0)).toBeUndefined();
});

test('nobody goes on listening where something in the namespace has no words', () => {
  const open = (): number => readdirSync('/proc/self/fd').length;
  const unworded = (): LinkTold[] => {
    throw new Unworded('a link of the kind x');
  };
  inside(host(), () => expect(() => keptLinks(-2, unworded)).toThrow(Unworded));
  const before = open();
  for (let left = 5; left > 0; left--)
    inside(host(), () => expect(() => keptLinks(-2, unworded)).toThrow(Unworded));
  expect(open()).toBe(before);
  expect(unchangedLinks(-2)).toBeUndefined();
});
