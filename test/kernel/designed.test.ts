import { describe, expect, it } from 'vitest';
import {
  designedAddress,
  designedRoute,
  designedWithoutGateway,
  isArpOff,
  ownStack,
} from '../../src/kernel/designed.ts';
import { broadcastLink, broadcastOf, isRoutedGroup } from '../../src/kernel/one-to-many.ts';
import type { Link, Neighbour, Route, RoutingRule, Stack } from '../../src/model/stack.ts';
import type { Network } from '../../src/model/target.ts';
import { examine } from '../causes/examine.ts';
import { dropped, healthy, linkOf, lostAt } from '../causes/scene.ts';

const link = (name: string, kind: string, data = {}): Link =>
  ({ name, kind, data, addresses: [] }) as unknown as Link;
const served = (name: string, carrier: boolean): Link => ({ ...link(name, 'tun'), carrier });
const stack = (links: Link[], neighbours: Partial<Neighbour>[] = []): Stack =>
  ({ links, neighbours, routes: [], rules: [], netns: null }) as unknown as Stack;
const route = (about: Partial<Route>): Route =>
  ({
    family: 4,
    destination: '203.0.113.0/24',
    type: 'unicast',
    gateway: null,
    dev: 'vx0',
    table: 'main',
    metric: 0,
    source: null,
    protocol: 'static',
    scope: null,
    flags: [],
    ...about,
  }) as Route;
const rule = (text: string): RoutingRule => ({
  family: 4,
  priority: 9,
  text,
  table: '204',
  action: 'lookup',
});

describe('a route that is meant to lead elsewhere', () => {
  const fdbLess = stack([link('vx0', 'vxlan')]);
  const permanent = [{ dev: 'vx0', address: '10.77.0.2', mac: '02:00:00:00:00:aa', state: ['PERMANENT'] }];
  it.each<[string, Stack, Partial<Route>, RoutingRule | null, string | undefined]>([
    [
      'a marked local route',
      stack([]),
      { type: 'local', dev: 'lo' },
      rule('fwmark 0x200/0xf00 lookup 204'),
      'a transparent proxy',
    ],
    ['a tun that a program has open', stack([served('tun0', true)]), { dev: 'tun0' }, null, 'an overlay'],
    ['a tun that nobody has open', stack([served('tun0', false)]), { dev: 'tun0' }, null, undefined],
    ['a local route without a mark', stack([]), { type: 'local', dev: 'lo' }, rule('lookup 204'), undefined],
    [
      'a tunnel with a remote end',
      stack([link('vx0', 'vxlan', { remote: '192.0.2.2' })]),
      {},
      null,
      'an overlay',
    ],
    ['a tunnel to anywhere', stack([link('vx0', 'gre', { remote: 'any' })]), {}, null, undefined],
    [
      'a tunnel whose neighbours are written down',
      stack([link('vx0', 'vxlan')], permanent),
      {},
      null,
      'an overlay',
    ],
    ['a tunnel that knows nobody', fdbLess, {}, null, undefined],
    ['a veth with such a neighbour', stack([link('vx0', 'veth')], permanent), {}, null, undefined],
    ['a route of a daemon', stack([link('vx0', 'veth')]), { protocol: 'bird' }, null, 'bird'],
    ['a route by hand', stack([link('vx0', 'veth')]), { protocol: 'static' }, null, undefined],
  ])('%s', (_, host, about, by, who) => {
    expect(designedRoute(host, route(about), by)?.by).toBe(who);
  });
});

it.each<[Record<string, string>, boolean]>([
  [{ 'com.docker.network.bridge.gateway_mode_ipv4': 'isolated' }, true],
  [{ 'com.docker.network.bridge.inhibit_ipv4': 'true' }, true],
  [{ 'com.docker.network.bridge.gateway_mode_ipv4': 'nat' }, false],
  [{}, false],
])('a bridge without an address by %o: %s', (options, designed) => {
  const network = { name: 'back', options } as unknown as Network;
  expect(designedWithoutGateway(network) !== undefined).toBe(designed);
  expect(designedWithoutGateway(undefined)).toBeUndefined();
});

it.each([
  ['kube-ipvs0', true],
  ['nodelocaldns', true],
  ['dummy7', false],
  ['lo', false],
])('an address on %s is a service of a program: %s', (name, designed) => {
  expect(designedAddress(link(name, 'dummy'), '198.51.100.1', []) !== undefined).toBe(designed);
});

it('an address that a program has bound to by name, or that no router carries, is served here', () => {
  const lo = link('lo', 'loopback');
  const listener = {
    side: 'host',
    proto: 'tcp',
    family: 4,
    address: '198.51.100.1',
    port: 53,
    process: 'dnsmasq',
    backlog: 0,
    backlogMax: 5,
  } as const;
  expect(designedAddress(lo, '198.51.100.1', [listener])?.says).toBe(
    'dnsmasq listens on 198.51.100.1, port 53',
  );
  expect(designedAddress(lo, '198.51.100.1', [{ ...listener, side: 'container' }])).toBeUndefined();
  expect(designedAddress(lo, '198.51.100.1', [{ ...listener, address: '0.0.0.0' }])).toBeUndefined();
  expect(designedAddress(lo, '169.254.169.254', [])?.by).toBe('whoever serves it');
  expect(designedAddress(lo, 'fe80::1', [])).toBeDefined();
  expect(designedAddress(lo, 'fec0::1', [])).toBeUndefined();
});

it('a sandbox with a stack of its own has no address to give back', () => {
  const lab = lostAt(healthy('from-host'), 1);
  lab.target.ownStack = { dev: 'eth0', program: 'runsc-sandbox (pid 7)' };
  expect(ownStack(lab)?.says).toMatch(/eth0 has no address, and runsc-sandbox \(pid 7\) reads its frames/);
  for (const one of lab.stacks.container.links) one.addresses = [];
  expect(examine('container-no-address', lab)).toBeNull();
});

describe('one to many', () => {
  it.each([
    ['192.0.2.1', 24, '192.0.2.255'],
    ['10.88.7.1', 20, '10.88.15.255'],
    ['192.0.2.1', 31, null],
    ['192.0.2.1', 32, null],
  ])('the broadcast address of %s/%i', (address, prefix, broadcast) => {
    expect(broadcastOf(address, prefix)).toBe(broadcast);
  });

  it.each([
    ['239.1.2.3', true],
    ['224.0.1.1', true],
    ['224.0.0.251', false],
    ['10.88.0.255', false],
    ['ff05::1:3', true],
    ['ff02::fb', false],
    ['fd00::1', false],
  ])('%s is a group that routers carry: %s', (address, carried) => {
    expect(isRoutedGroup(address)).toBe(carried);
  });

  const lost = (address: string) => {
    const lab = lostAt(healthy('outside'), 3);
    lab.flow.address = address;
    lab.flow.proto = 'udp';
    return lab;
  };
  const keys = ['all', 'br0'].map((dev) => `net.ipv4.conf.${dev}.bc_forwarding`);

  it('a broadcast into another network ends where either setting is off', () => {
    for (const off of keys) {
      const lab = lost('192.0.2.255');
      expect(broadcastLink(lab.stacks.host, '192.0.2.255')?.name).toBe('up0');
      for (const key of keys) lab.sysctls.host[key] = key === off ? '0' : '1';
      expect(examine('one-to-many-not-routed', lab)).toMatchObject({
        sure: 'proved',
        why: expect.stringContaining(`${off} is 0`),
        fixes: [{ risk: 'disruptive', apply: [{ run: { argv: ['sysctl', '-w', `${off}=1`] } }] }],
      });
    }
  });

  it('not where both are on, in the own network, for one machine, or where a rule ended it', () => {
    const on = lost('192.0.2.255');
    for (const key of keys) on.sysctls.host[key] = '1';
    const own = lost('10.88.0.255');
    const machine = lost('192.0.2.2');
    const ruled = dropped(lost('192.0.2.255'), 'NETFILTER_DROP', 'nft_do_chain');
    for (const lab of [own, machine, ruled]) for (const key of keys) lab.sysctls.host[key] = '0';
    for (const lab of [on, own, machine, ruled]) expect(examine('one-to-many-not-routed', lab)).toBeNull();
  });

  it('a group ends where no multicast router carries it', () => {
    const lab = lost('239.1.2.3');
    expect(examine('one-to-many-not-routed', lab)).toMatchObject({
      sure: 'supported',
      do: expect.stringContaining('multicast router'),
    });
    lab.multicast.routes = [{ group: '239.1.2.3', origin: '0.0.0.0', from: 'br0', to: ['up0'] }];
    expect(examine('one-to-many-not-routed', lab)).toBeNull();
  });

  it('says who has joined a group, and calls it no fault where they are on the same bridge', () => {
    const lab = lost('239.1.2.3');
    linkOf(lab, 'host/br0').bridge!.mcastSnooping = true;
    expect(examine('one-to-many-not-routed', lab)?.why).toContain('Nobody on br0 has joined it');
    lab.multicast.joined = [{ dev: 'up0', bridge: null }];
    expect(examine('one-to-many-not-routed', lab)?.why).toContain(
      'A program of this host has joined it on up0',
    );
    lab.multicast.joined = [{ dev: 'vetha', bridge: 'br0' }];
    expect(examine('one-to-many-not-routed', lab)).not.toBeNull();
    lab.multicast.joined = [{ dev: 'vethb', bridge: 'br0' }];
    expect(examine('one-to-many-not-routed', lab)).toBeNull();
  });
});

describe('ARP that somebody has switched off', () => {
  const off = (kind: string, data: object = {}) => isArpOff({ kind, noarp: true, data: { ...data } });

  it.each(['ether', 'veth', 'bridge', 'vlan', 'macvlan', 'vxlan'])('is no design of a %s', (kind) => {
    expect(off(kind)).toBe(true);
  });

  it.each(['dummy', 'wireguard', 'tun', 'gre', 'ipip', 'vrf', 'loopback', 'netkit'])(
    'is what a %s is',
    (kind) => expect(off(kind)).toBe(false),
  );

  it('is told of an ipvlan by its mode', () => {
    expect(off('ipvlan', { mode: 'l2' })).toBe(true);
    expect(off('ipvlan', { mode: 'l3' })).toBe(false);
    expect(off('ipvlan', { mode: 'l3s' })).toBe(false);
  });
});
