/** The way of a request that begins in a container, as the kernel's own tables tell it before any packet is sent. */
import { describe, expect, it } from 'vitest';
import { PathBuilder, type Side } from '../../../src/discover/path/builder.ts';
import { fromNamespace } from '../../../src/discover/path/from-namespace.ts';
import type { Family } from '../../../src/model/flow.ts';
import type { RoutingRule, Stack } from '../../../src/model/stack.ts';
import { address, containerStack, hostStack, link, netns, route, rule } from '../../causes/lab-state.ts';
import { decision } from '../../causes/scene.ts';
import { fakeMachine } from '../fake-machine.ts';

/** B as `ip` lists it, when the path ends there. */
const INSIDE_B = `${JSON.stringify([
  {
    ifindex: 2,
    ifname: 'eth0',
    link_index: 13,
    link_netnsid: 0,
    flags: ['UP', 'LOWER_UP'],
    linkinfo: { info_kind: 'veth' },
    addr_info: [{ family: 'inet', local: '10.88.0.3', prefixlen: 24, scope: 'global' }],
  },
])}\n[]\n[]\n[]\n[]\n`;

const trie = (address: string): string => `  |-- ${address}\n     /32 host LOCAL\n`;
const UPLINK_ROUTE = '[{"dst":"198.51.100.1","gateway":"192.0.2.2","dev":"up0","prefsrc":"192.0.2.1"}]';

interface Ask {
  readonly address: string;
  readonly gateway: string | null;
  readonly family?: Family;
  readonly host?: Stack;
  /** The namespace behind nsid 2 (vethb's), or behind up0, holds this address. */
  readonly holder?: string;
  /** Further answers of programs. */
  readonly run?: Readonly<Record<string, string>>;
  /** Of both ends of the container's cable. */
  readonly kind?: string;
}

const wired = (stack: Stack, kind: string): Stack => ({
  ...stack,
  links: stack.links.map((link) => (link.kind === 'veth' ? { ...link, kind } : link)),
});

async function walk(ask: Ask) {
  const { address, gateway, family = 4, host = hostStack(), holder, run = {}, kind = 'veth' } = ask;
  const own = { ...wired(host, kind), netns: null };
  const machine = fakeMachine({
    run: {
      'ip -j -d -force -batch -': INSIDE_B,
      [`ip -j -d route get ${address} from 10.88.0.2 iif br0`]: UPLINK_ROUTE,
      [`ip -j -d route get ${address} from 10.88.0.2 iif vetha`]: UPLINK_ROUTE,
      ...run,
    },
    lists: { '/run/netns': ['lab-a', 'lab-b'] },
    netns: { '/run/netns/lab-a': 101, '/run/netns/lab-b': 102 },
    nsids: { '/run/netns/lab-a': 1, '/run/netns/lab-b': 2 },
    files: {
      '/run/netns/lab-a /proc/net/fib_trie': trie('10.88.0.2'),
      ...(holder ? { '/run/netns/lab-b /proc/net/fib_trie': trie(holder) } : {}),
    },
  });
  const source: Side = {
    where: 'container',
    netns: netns('lab-a', 101),
    stack: wired(containerStack('a'), kind),
  };
  const builder = new PathBuilder();
  await fromNamespace(
    {
      machine,
      flow: { from: 'container', to: address, address, proto: 'tcp', port: 80, family },
      host: { where: 'host', netns: null, stack: own },
      target: source,
      source,
      networks: [],
      route: decision({ dev: 'eth0', gateway, source: '10.88.0.2' }),
      sourceAddress: '10.88.0.2',
    },
    builder,
  );
  return {
    hops: builder.hops.map(({ id }) => id),
    stages: builder.stages,
    ending: builder.ending,
    gaps: builder.gaps.map(({ kind }) => kind),
    twice: builder.hops.filter(({ twice }) => twice).map(({ id }) => id),
  };
}

/** The host of the lab with a link changed. */
function hostWith(name: string, about: object): Stack {
  const stack = hostStack();
  return { ...stack, links: stack.links.map((one) => (one.name === name ? { ...one, ...about } : one)) };
}

describe('a bridged container', () => {
  it('goes out by its bridge and the uplink', async () => {
    expect(await walk({ address: '198.51.100.1', gateway: '10.88.0.1' })).toEqual({
      twice: [],
      hops: ['container/eth0', 'host/vetha', 'host/br0', 'host/up0'],
      stages: ['send', 'wire', 'port', 'forward', 'beyond'],
      ending: 'outside',
      gaps: [],
    });
  });

  it('ends in the host whose address is asked for, unless a rule before that for table local leads on', async () => {
    const host = hostStack();
    const own = route('10.88.0.1/32', { type: 'local', dev: 'br0', table: 'local', scope: 'host' });
    const away = route('10.88.0.1/32', { dev: 'up0', table: '51820' });
    const asked = 'ip -j -d route get 10.88.0.1 from 10.88.0.2 iif br0';
    const ending = async (...rules: RoutingRule[]) => {
      const way = await walk({
        address: '10.88.0.1',
        gateway: null,
        host: { ...host, routes: [...host.routes, own, away], rules },
        run: { [asked]: '[{"dst":"10.88.0.1","from":"10.88.0.2","dev":"up0","table":"51820","iif":"br0"}]' },
      });
      return [way.hops.at(-1), way.stages.at(-1)];
    };
    const local = (priority: number) => rule(priority, 'from all lookup local');
    const vpn = rule(32700, 'from all lookup 51820');
    expect(await ending(local(0), vpn)).toEqual(['host/br0', 'deliver']);
    expect(await ending(local(100), vpn)).toEqual(['host/br0', 'deliver']);
    expect(await ending(local(32760), vpn)).toEqual(['host/up0', 'beyond']);
    expect(await ending(local(32760), rule(32700, 'from all iif br1 lookup 51820'))).toEqual([
      'host/br0',
      'deliver',
    ]);
  });

  it('meets its gateway on the interface that stands on the bridge for its VLAN', async () => {
    const host = hostWith('br0', { addresses: [] });
    const upper = link(30, 'br0.10', 'vlan', {
      link: 2,
      linkName: 'br0',
      data: { id: 10 },
      addresses: [address('10.88.0.1/24')],
    });
    const asked = 'ip -j -d route get 198.51.100.1 from 10.88.0.2 iif br0.10';
    const way = {
      address: '198.51.100.1',
      gateway: '10.88.0.1',
      host: { ...host, links: [...host.links, upper] },
      run: { [asked]: UPLINK_ROUTE },
    };
    expect(await walk(way)).toMatchObject({
      hops: ['container/eth0', 'host/vetha', 'host/br0', 'host/br0.10', 'host/up0'],
      stages: ['send', 'wire', 'port', 'port', 'forward', 'beyond'],
    });
  });

  it('leaves by the one port behind which nobody could look, of the bridge by which the host goes out itself', async () => {
    const bare = hostWith('br0', { addresses: [] });
    const port = link(34, 'eth9', 'veth', { link: 2, nsid: 9, master: 'br0' });
    const host = (own: string, ...ports: Stack['links']): Stack => ({
      ...bare,
      links: [...bare.links, ...ports],
      routes: [route('0.0.0.0/0', { gateway: own, dev: 'br0' })],
    });
    const way = { address: '198.51.100.1', gateway: '10.88.0.254', holder: '10.88.0.3' };
    expect(await walk({ ...way, host: host('10.88.0.254', port) })).toMatchObject({
      hops: ['container/eth0', 'host/vetha', 'host/eth9'],
      stages: ['send', 'wire', 'bridge', 'beyond'],
    });
    const other = { ...port, ifindex: 35, name: 'eth8', nsid: 8 };
    for (const one of [host('10.88.0.254', port, other), host('10.88.0.253', port)])
      expect((await walk({ ...way, host: one })).hops).toContain('host/br0');
  });

  it('crosses the cable to the bridge that holds its gateway', async () => {
    const host = hostWith('vetha', { master: 'br2' });
    const links = [
      ...host.links,
      link(31, 'br2', 'bridge'),
      link(32, 'n0', 'veth', { link: 33, master: 'br2' }),
      link(33, 'n1', 'veth', { link: 32, master: 'br0' }),
    ];
    const way = { address: '198.51.100.1', gateway: '10.88.0.1', host: { ...host, links } };
    expect(await walk(way)).toMatchObject({
      hops: ['container/eth0', 'host/vetha', 'host/n0', 'host/n1', 'host/br0', 'host/up0'],
      stages: ['send', 'wire', 'bridge', 'wire', 'port', 'forward', 'beyond'],
    });
  });

  it('has a netkit followed as a veth is', async () => {
    const { hops, gaps } = await walk({ address: '198.51.100.1', gateway: '10.88.0.1', kind: 'netkit' });
    expect({ hops, gaps }).toEqual({
      hops: ['container/eth0', 'host/vetha', 'host/br0', 'host/up0'],
      gaps: [],
    });
  });

  it('reaches its neighbour from port to port', async () => {
    expect(await walk({ address: '10.88.0.3', gateway: null, holder: '10.88.0.3' })).toMatchObject({
      hops: ['container/eth0', 'host/vetha', 'host/vethb', 'other/eth0'],
      stages: ['send', 'wire', 'bridge', 'wire', 'deliver'],
      ending: 'other',
    });
  });

  it('is meant to reach a neighbour whose port has left the bridge', async () => {
    const { hops } = await walk({
      address: '10.88.0.3',
      gateway: null,
      holder: '10.88.0.3',
      host: hostWith('vethb', { master: null }),
    });
    expect(hops).toEqual(['container/eth0', 'host/vetha', 'host/vethb', 'other/eth0']);
  });

  it('does not reach an address of another network in that way, whatever its route says', async () => {
    const { hops } = await walk({ address: '198.51.100.1', gateway: null, holder: '198.51.100.1' });
    // The lab's own neighbour holds it here, and is on the bridge: from port to port.
    expect(hops.at(-1)).toBe('other/eth0');
    const apart = await walk({
      address: '198.51.100.1',
      gateway: null,
      holder: '198.51.100.1',
      host: hostWith('vethb', { master: null }),
    });
    expect(apart.hops).toEqual(['container/eth0', 'host/vetha', 'host/br0', 'host/up0']);
  });

  it('leaves by a card that is a port of its bridge, without being routed', async () => {
    const card = hostWith('up0', { kind: 'ether', master: 'br0', addresses: [] });
    expect(await walk({ address: '198.51.100.1', gateway: '10.88.0.254', host: card })).toMatchObject({
      hops: ['container/eth0', 'host/vetha', 'host/up0'],
      stages: ['send', 'wire', 'bridge', 'beyond'],
    });
  });

  describe('that leaves by another container', () => {
    const by = { address: '198.51.100.1', gateway: '10.88.0.3', holder: '10.88.0.3' };
    const fromB = 'ip -j -d route get 198.51.100.1 from 10.88.0.3 iif br0';
    const inB = 'ip -j -d route get 198.51.100.1 from 10.88.0.2 iif eth0';
    const alone = 'ip -j -d route get 198.51.100.1';
    const out = (gateway: string): string => `[{"dst":"198.51.100.1","gateway":"${gateway}","dev":"eth0"}]`;
    const goneThrough = ['container/eth0', 'host/vetha', 'host/vethb', 'other/eth0', 'host/br0', 'host/up0'];

    it('crosses its one leg twice, and then the bridge and the uplink', async () => {
      expect(await walk({ ...by, run: { [inB]: out('10.88.0.1'), [fromB]: UPLINK_ROUTE } })).toEqual({
        hops: goneThrough,
        stages: ['send', 'wire', 'bridge', 'wire', 'forward', 'forward', 'beyond'],
        ending: 'outside',
        gaps: [],
        twice: ['host/vethb', 'other/eth0'],
      });
    });

    it('would do so where that one does not forward, and says where it would go', async () => {
      const asleep = { [alone]: out('10.88.0.1'), [fromB]: UPLINK_ROUTE };
      expect((await walk({ ...by, run: asleep })).hops).toEqual(goneThrough);
    });

    it('ends in the kernel of that one where it knows no way on: not beyond this host', async () => {
      const lost = await walk({ ...by, run: { [inB]: '[]', [alone]: '[]' } });
      expect(lost).toMatchObject({
        hops: ['container/eth0', 'host/vetha', 'host/vethb', 'other/eth0'],
        stages: ['send', 'wire', 'bridge', 'wire', 'forward'],
        twice: [],
      });
    });

    it('ends on the wire where that one lets nobody look, or is the destination itself', async () => {
      const unread = await walk({ ...by, run: { 'ip -j -d -force -batch -': 'no' } });
      expect(unread).toMatchObject({
        hops: ['container/eth0', 'host/vetha', 'host/vethb'],
        stages: ['send', 'wire', 'bridge', 'beyond'],
        twice: [],
      });
      const both = INSIDE_B.replace(
        '"scope":"global"}',
        '"scope":"global"},{"family":"inet","local":"198.51.100.1","prefixlen":32,"scope":"global"}',
      );
      const end = await walk({ ...by, run: { 'ip -j -d -force -batch -': both } });
      expect(end.hops).toEqual(['container/eth0', 'host/vetha', 'host/vethb']);
    });
  });

  it('has a gap where its port is of no bridge, and goes on as it should', async () => {
    const { hops, gaps } = await walk({
      address: '198.51.100.1',
      gateway: '10.88.0.1',
      host: hostWith('vetha', { master: null }),
    });
    expect(gaps).toEqual(['no-master']);
    expect(hops).toEqual(['container/eth0', 'host/vetha', 'host/br0', 'host/up0']);
  });
});

it('a container on a veth that the host routes to has no bridge to miss', async () => {
  const host = hostWith('vetha', {
    master: null,
    addresses: [{ family: 4, address: '10.88.0.1', prefix: 32, scope: 'global', peer: null, flags: [] }],
  });
  expect(await walk({ address: '198.51.100.1', gateway: '10.88.0.1', host })).toMatchObject({
    hops: ['container/eth0', 'host/vetha', 'host/up0'],
    stages: ['send', 'wire', 'forward', 'beyond'],
    gaps: [],
  });
});
