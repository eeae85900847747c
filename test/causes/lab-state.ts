/** The state of the lab's namespaces when nothing is wrong: bridge br0 with containers A and B, br1 with C, uplink up0. */
import type { Address, Link, Neighbour, Route, RoutingRule, Stack } from '../../src/model/stack.ts';

export const MAC = {
  a: '02:42:0a:58:00:a2',
  b: '02:42:0a:58:00:b3',
  c: '02:42:0a:58:00:c2',
  br0: '02:00:00:00:00:88',
  br1: '02:00:00:00:00:89',
  up0: '02:00:00:00:02:01',
  lan: '02:00:00:00:02:02',
} as const;

export const netns = (name: string, inode: number) => ({ inode, path: `/run/netns/${name}` });

export const address = (cidr: string, flags: string[] = []): Address => {
  const [own, prefix] = cidr.split('/') as [string, string];
  const family = own.includes(':') ? 6 : 4;
  return { family, address: own, prefix: Number(prefix), scope: 'global', peer: null, flags };
};

const forwardingPort = {
  state: 'forwarding',
  isolated: false,
  locked: false,
  hairpin: false,
  flood: true,
  mcastFlood: true,
  bcastFlood: true,
  learning: true,
  neighSuppress: false,
};

export const link = (ifindex: number, name: string, kind: string, about: Partial<Link> = {}): Link => ({
  ifindex,
  name,
  kind,
  up: true,
  carrier: true,
  noarp: kind === 'loopback',
  mtu: kind === 'loopback' ? 65536 : 1500,
  mac: null,
  master: null,
  link: null,
  linkName: null,
  nsid: null,
  addresses: [],
  port: about.master?.startsWith('br') ? { ...forwardingPort } : null,
  bridge:
    kind === 'bridge'
      ? {
          stp: false,
          vlanFiltering: false,
          mcastSnooping: true,
          mcastQuerier: false,
          nfCallIptables: false,
        }
      : null,
  xdp: null,
  qdisc: 'noqueue',
  data: {},
  ...about,
});

export const route = (destination: string, about: Partial<Route> = {}): Route => ({
  family: destination.includes(':') ? 6 : 4,
  destination,
  type: 'unicast',
  gateway: null,
  dev: null,
  table: 'main',
  metric: 0,
  source: null,
  protocol: 'kernel',
  scope: null,
  flags: [],
  ...about,
});

export const rule = (priority: number, text: string, about: Partial<RoutingRule> = {}): RoutingRule => ({
  family: 4,
  priority,
  text,
  table: text.split('lookup ')[1] ?? null,
  action: null,
  ...about,
});

export const neighbour = (to: string, dev: string, mac: string | null, state = 'REACHABLE'): Neighbour => ({
  address: to,
  dev,
  mac,
  state: [state],
  proxy: false,
});

const rules = (): RoutingRule[] =>
  ([4, 6] as const).flatMap((family) => [
    rule(0, 'from all lookup local', { family }),
    rule(32766, 'from all lookup main', { family }),
  ]);

const loopback = (): Link =>
  link(1, 'lo', 'loopback', {
    addresses: [
      { ...address('127.0.0.1/8'), scope: 'host' },
      { ...address('::1/128'), scope: 'host' },
    ],
  });

/** A container on a bridge: one eth0, a default route by each family. */
export function containerStack(name: 'a' | 'b' | 'c'): Stack {
  const [net, host, inode] = { a: ['10.88.0', 2, 101], b: ['10.88.0', 3, 102], c: ['10.89.0', 2, 103] }[
    name
  ] as [string, number, number];
  const six = net === '10.88.0' ? 'fd00:88::' : 'fd00:89::';
  return {
    netns: netns(`lab-${name}`, inode),
    links: [
      loopback(),
      link(2, 'eth0', 'veth', {
        mac: MAC[name],
        link: 10 + host,
        nsid: 0,
        addresses: [address(`${net}.${host}/24`), address(`${six}${host}/64`)],
      }),
    ],
    routes: [
      route('0.0.0.0/0', { gateway: `${net}.1`, dev: 'eth0', protocol: 'boot' }),
      route(`${net}.0/24`, { dev: 'eth0', source: `${net}.${host}`, scope: 'link' }),
      route('::/0', { gateway: `${six}1`, dev: 'eth0', metric: 1024, protocol: 'boot' }),
      route(`${six}/64`, { dev: 'eth0', metric: 256 }),
      route(`${net}.${host}/32`, { type: 'local', dev: 'eth0', table: 'local', scope: 'host' }),
    ],
    rules: rules(),
    neighbours: [
      neighbour(`${net}.1`, 'eth0', net === '10.88.0' ? MAC.br0 : MAC.br1),
      neighbour(`${six}1`, 'eth0', net === '10.88.0' ? MAC.br0 : MAC.br1),
    ],
  };
}

/** The host: br0 with vetha and vethb, br1 with vethc, uplink up0 with the default route. */
export function hostStack(): Stack {
  return {
    netns: netns('lab-host', 100),
    links: [
      loopback(),
      link(2, 'br0', 'bridge', {
        mac: MAC.br0,
        addresses: [address('10.88.0.1/24'), address('fd00:88::1/64')],
      }),
      link(3, 'br1', 'bridge', { mac: MAC.br1, addresses: [address('10.89.0.1/24')] }),
      link(12, 'vetha', 'veth', { mac: 'fe:00:00:00:00:0a', master: 'br0', link: 2, nsid: 1 }),
      link(13, 'vethb', 'veth', { mac: 'fe:00:00:00:00:0b', master: 'br0', link: 2, nsid: 2 }),
      link(14, 'vethc', 'veth', { mac: 'fe:00:00:00:00:0c', master: 'br1', link: 2, nsid: 3 }),
      link(20, 'up0', 'veth', {
        mac: MAC.up0,
        addresses: [address('192.0.2.1/24'), address('2001:db8::1/64')],
      }),
    ],
    routes: [
      route('0.0.0.0/0', { gateway: '192.0.2.2', dev: 'up0', protocol: 'boot' }),
      route('10.88.0.0/24', { dev: 'br0', source: '10.88.0.1', scope: 'link' }),
      route('10.89.0.0/24', { dev: 'br1', source: '10.89.0.1', scope: 'link' }),
      route('192.0.2.0/24', { dev: 'up0', source: '192.0.2.1', scope: 'link' }),
      route('::/0', { gateway: '2001:db8::2', dev: 'up0', metric: 1024, protocol: 'boot' }),
      route('fd00:88::/64', { dev: 'br0', metric: 256 }),
      route('2001:db8::/64', { dev: 'up0', metric: 256 }),
    ],
    rules: rules(),
    neighbours: [
      neighbour('10.88.0.2', 'br0', MAC.a),
      neighbour('10.88.0.3', 'br0', MAC.b),
      neighbour('fd00:88::2', 'br0', MAC.a),
      neighbour('192.0.2.2', 'up0', MAC.lan),
    ],
  };
}
