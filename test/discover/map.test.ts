import { expect, test } from 'vitest';
import { drawMap } from '../../src/discover/map.ts';
import { mountedNamespaces } from '../../src/discover/path/namespaces.ts';
import type { BriefLink } from '../../src/host/machine.ts';
import { fakeMachine, type Script } from './fake-machine.ts';

const link = (over: Partial<BriefLink> & Pick<BriefLink, 'ifindex' | 'name' | 'kind'>): BriefLink => ({
  up: true,
  master: null,
  link: null,
  nsid: null,
  addresses: [],
  ...over,
});
const lo = link({ ifindex: 1, name: 'lo', kind: 'loopback' });
const ID = '9'.repeat(64);
const DEV = (...names: string[]): string =>
  `Inter-|\n face |\n${names.map((name) => `${name}: 0 0\n`).join('')}`;

/** A bridge with one container and one named namespace, an uplink, a macvlan child in `child`. */
const host: Script = {
  netns: { '/proc/50/ns/net': 100, '/run/netns/red': 200, '/run/netns/child': 300 },
  lists: { '/run/netns': ['red', 'child'], '/proc': ['50', 'self'] },
  files: {
    '/proc/net/route':
      'Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\nup0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\n',
    '/proc/50/cgroup': `0::/system.slice/docker-${ID}.scope\n`,
    '/run/netns/child /proc/net/dev': DEV('lo', 'mv0'),
  },
  nsids: { '/proc/50/ns/net': 0, '/run/netns/red': 1, '/proc/self/ns/net': 0 },
  links: {
    '': [
      lo,
      link({ ifindex: 2, name: 'up0', kind: 'ether', addresses: ['192.0.2.1/24'] }),
      link({ ifindex: 3, name: 'br0', kind: 'bridge', addresses: ['10.88.0.1/24'] }),
      link({ ifindex: 4, name: 'va', kind: 'veth', master: 3, link: 9, nsid: 0 }),
      link({ ifindex: 5, name: 'vb', kind: 'veth', master: 3, link: 9, nsid: 1 }),
      link({ ifindex: 6, name: 'up0.7', kind: 'vlan', link: 2, up: false }),
    ],
    '/run/netns/child': [lo, link({ ifindex: 2, name: 'mv0', kind: 'macvlan', link: 2, nsid: 0 })],
  },
  behind: (nsid) => [
    { ifindex: 1, name: 'lo', addresses: ['127.0.0.1/8'] },
    { ifindex: 9, name: 'eth0', addresses: [`10.88.0.${nsid + 2}/24`] },
    ...(nsid === 1 ? [{ ifindex: 2, name: 'tunl0', addresses: [] }] : []),
  ],
  requests: {
    '/containers/json?all=1': {
      status: 200,
      body: [
        {
          Id: ID,
          Names: ['/web'],
          State: 'running',
          Ports: [
            { IP: '0.0.0.0', PrivatePort: 80, PublicPort: 8080, Type: 'tcp' },
            { PrivatePort: 443, Type: 'tcp' },
          ],
        },
      ],
    },
  },
};

const linkOf = async (id: string) => (await drawMap(fakeMachine(host))).links.find((one) => one.id === id);

test('a container is named by the id in its process’s cgroup, a namespace by its own name', async () => {
  const { namespaces } = await drawMap(fakeMachine(host));
  expect(namespaces).toEqual([
    { id: 'host', inode: 1, names: [] },
    { id: 'netns:red', inode: 200, names: ['netns:red'] },
    { id: 'netns:child', inode: 300, names: ['netns:child'] },
    { id: 'docker:web', inode: 100, names: ['docker:web'] },
  ]);
});

test('both ends of a veth know each other', async () => {
  expect(await linkOf('host/va')).toMatchObject({ peer: 'docker:web/eth0', master: 'host/br0' });
  expect(await linkOf('docker:web/eth0')).toMatchObject({
    peer: 'host/va',
    addresses: ['10.88.0.2/24'],
    up: null,
  });
});

test('a VLAN knows its parent, and one in another namespace too', async () => {
  expect(await linkOf('host/up0.7')).toMatchObject({ over: 'host/up0', up: false });
  expect(await linkOf('netns:child/mv0')).toMatchObject({ over: 'host/up0', kind: 'macvlan' });
});

test('what a default route leaves by is an uplink', async () => {
  expect(await linkOf('host/up0')).toMatchObject({ uplink: true });
  expect(await linkOf('host/br0')).toMatchObject({ uplink: false });
});

test('published ports are told, others are not', async () => {
  expect((await drawMap(fakeMachine(host))).ports).toEqual([
    { proto: 'tcp', hostAddress: '0.0.0.0', hostPort: 8080, container: 'docker:web', containerPort: 80 },
  ]);
});

test('a thousand containers take one question about what is behind them; none is entered, and no program run', async () => {
  const many = Array.from({ length: 1000 }, (_, at) => at);
  const path = (at: number): string => `/run/netns/c${at}`;
  const machine = fakeMachine({
    netns: Object.fromEntries(many.map((at) => [path(at), 1000 + at])),
    lists: { '/run/netns': many.map((at) => `c${at}`), '/proc': [] },
    nsids: Object.fromEntries(many.map((at) => [path(at), at])),
    links: {
      '': many.map((at) => link({ ifindex: at + 2, name: `v${at}`, kind: 'veth', link: 2, nsid: at })),
    },
    behind: () => [
      { ifindex: 1, name: 'lo', addresses: [] },
      { ifindex: 2, name: 'eth0', addresses: [] },
    ],
  });
  const { links } = await drawMap(machine);
  expect(links).toHaveLength(2000);
  expect(links.every(({ peer }) => peer !== null)).toBe(true);
  expect(machine.asked.filter((line) => line.startsWith('links behind'))).toHaveLength(1);
  expect(machine.asked.filter((line) => line.includes('/proc/net/dev'))).toEqual([]);
  expect(machine.asked.filter((line) => /^(ip|nsenter|podman|ctr)/.test(line))).toEqual([]);
});

test('a namespace that holds more than far ends is entered, and one that the kernel does not tell of', async () => {
  const more = [
    { ifindex: 1, name: 'lo', addresses: [] },
    { ifindex: 9, name: 'eth0', addresses: [] },
    { ifindex: 3, name: 'wg0', addresses: [] },
  ];
  const red = [
    lo,
    link({ ifindex: 9, name: 'eth0', kind: 'veth', link: 5, nsid: 0 }),
    link({ ifindex: 3, name: 'wg0', kind: 'wireguard' }),
  ];
  for (const told of [more, null]) {
    const { links } = await drawMap(
      fakeMachine({
        ...host,
        behind: (nsid) => (nsid === 1 ? told : (host.behind?.(nsid) ?? null)),
        links: { ...host.links, '/run/netns/red': red },
        files: { ...host.files, '/run/netns/red /proc/net/dev': DEV('lo', 'eth0', 'wg0') },
      }),
    );
    expect(links.filter(({ namespace }) => namespace === 'netns:red').map(({ name }) => name)).toEqual([
      'lo',
      'eth0',
      'wg0',
    ]);
    expect(links.find(({ id }) => id === 'netns:red/eth0')).toMatchObject({ peer: 'host/vb', up: true });
  }
});

test('what cannot be looked into is said to be, by name', async () => {
  const { silent } = await drawMap(fakeMachine({ ...host, requests: {} }));
  expect(silent).toEqual([expect.stringContaining('docker')]);
});

test('namespaces that are held by a mount are found, a name in /run/netns before other places', () => {
  const line = (root: string, point: string): string =>
    `95 25 0:4 ${root} ${point} rw shared:51 - nsfs nsfs rw\n`;
  expect(
    mountedNamespaces(
      line('net:[4026532]', '/run/docker/netns/1-abc') +
        line('net:[4026533]', '/var/lib/a\\040b/netns/x') +
        line('net:[4026532]', '/run/netns/ov') +
        line('mnt:[4026534]', '/run/snapd/ns/lxd.mnt') +
        '24 1 8:1 / / rw - ext4 /dev/sda1 rw\n',
    ),
  ).toEqual([
    { inode: 4026532, path: '/run/netns/ov' },
    { inode: 4026533, path: '/var/lib/a b/netns/x' },
  ]);
});

test('no folder is listed twice for one map', async () => {
  const machine = fakeMachine(host);
  const listed: string[] = [];
  await drawMap({
    ...machine,
    list(directory, where) {
      listed.push(directory);
      return machine.list(directory, where);
    },
  });
  expect(listed).toContain('/proc');
  expect(listed.toSorted()).toEqual([...new Set(listed)].toSorted());
});
