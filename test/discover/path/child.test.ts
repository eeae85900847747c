/** Children of an interface of the host, found in namespaces that the host does not list. */
import { describe, expect, it } from 'vitest';
import { PathBuilder, type Side } from '../../../src/discover/path/builder.ts';
import { childHolding, fromChild, isOnLink } from '../../../src/discover/path/child.ts';
import type { Departure } from '../../../src/discover/path/departure.ts';
import type { Link } from '../../../src/model/stack.ts';
import { containerStack, hostStack, link, netns, route } from '../../causes/lab-state.ts';
import { decision } from '../../causes/scene.ts';
import { fakeMachine } from '../fake-machine.ts';

const UP0 = hostStack().links.find(({ name }) => name === 'up0')!;
/** The host's id in the eyes of every other namespace. */
const HOST = 0;

const inside = (kind: string, about: object = {}): string => {
  const child = {
    ifindex: 5,
    ifname: 'mv2',
    link_index: UP0.ifindex,
    link_netnsid: HOST,
    flags: ['UP', 'LOWER_UP'],
    linkinfo: { info_kind: kind, info_data: { mode: 'bridge' } },
    addr_info: [{ family: 'inet', local: '192.0.2.52', prefixlen: 24, scope: 'global' }],
    ...about,
  };
  return `${JSON.stringify([child])}\n[]\n[]\n[]\n[]\n`;
};

const machineWith = (text: string) => ({
  ...fakeMachine({
    run: { 'ip -j -d -force -batch -': text },
    lists: { '/run/netns': ['c'] },
    netns: { '/run/netns/c': 103 },
    nsids: { '/proc/self/ns/net': HOST },
    files: { '/run/netns/c /proc/net/fib_trie': '  |-- 192.0.2.52\n     /32 host LOCAL\n' },
  }),
});

const host: Side = { where: 'host', netns: null, stack: hostStack() };
const target: Side = { where: 'container', netns: netns('lab-a', 101), stack: containerStack('a') };
const search = (text: string, address = '192.0.2.52', egress: Link = UP0) =>
  childHolding(machineWith(text), { host, target }, egress, address);

describe('the child that holds an address', () => {
  it('is found in a namespace that only has a name', async () => {
    expect(await search(inside('macvlan'))).toMatchObject({
      side: { where: 'other', netns: { path: '/run/netns/c' } },
      link: { name: 'mv2', kind: 'macvlan' },
    });
  });

  it('hangs from this interface of this host, and is no veth', async () => {
    expect(await search(inside('macvlan', { link_index: 99 }))).toBeUndefined();
    expect(await search(inside('macvlan', { link_netnsid: 3 }))).toBeUndefined();
    expect(await search(inside('veth'))).toBeUndefined();
    expect(await search(inside('macvlan'), '192.0.2.53')).toBeUndefined();
  });

  it('is found from a sibling that the host itself has', async () => {
    const shim = link(31, 'mvh', 'macvlan', { link: UP0.ifindex, linkName: 'up0' });
    expect((await search(inside('macvlan'), '192.0.2.52', shim))?.link.name).toBe('mv2');
  });
});

describe('a container on the wire of its parent', () => {
  const own = (kind: string): Link =>
    link(5, 'mv1', kind, { link: UP0.ifindex, nsid: HOST, data: { mode: 'bridge' } });

  async function walk(kind: string, gateway: string | null, parent: Link = UP0): Promise<PathBuilder> {
    const builder = new PathBuilder();
    const at = {
      machine: machineWith(inside(kind)),
      flow: {
        from: 'container',
        to: '192.0.2.52',
        address: '192.0.2.52',
        proto: 'icmp',
        port: null,
        family: 4,
      },
      host: { ...host, stack: { ...hostStack(), links: [parent] } },
      target,
      source: target,
      networks: [],
      route: decision({ dev: 'mv1', gateway }),
      sourceAddress: '192.0.2.51',
    } as Departure;
    builder.add(target, own(kind), 'send');
    await fromChild(at, builder, own(kind));
    return builder;
  }

  it('reaches a macvlan sibling by the parent, which receives what it hands over', async () => {
    const { hops, stages, ending } = await walk('macvlan', null);
    expect(hops.map(({ id }) => id)).toEqual(['container/mv1', 'host/up0', 'other/mv2']);
    expect(stages).toEqual(['send', 'wire', 'wire', 'deliver']);
    expect(ending).toBe('other');
  });

  it('reaches an ipvlan sibling directly: the parent never sees it', async () => {
    const { hops } = await walk('ipvlan', null);
    expect(hops.map(({ id }) => id)).toEqual(['container/mv1', 'other/mv2']);
  });

  it('leaves this host by the parent when it has a gateway', async () => {
    const { hops, ending } = await walk('macvlan', '192.0.2.2');
    expect(hops.map(({ id, kind }) => [id, kind])).toEqual([
      ['container/mv1', 'macvlan'],
      ['host/up0', 'uplink'],
    ]);
    expect(ending).toBe('outside');
  });

  it('says so where its parent is not to be seen', async () => {
    const { gaps } = await walk('macvlan', null, link(99, 'up9', 'ether'));
    expect(gaps).toMatchObject([{ kind: 'no-peer', says: expect.stringContaining('mv1') }]);
  });
});

describe('on the link', () => {
  const through = (...routes: ReturnType<typeof route>[]): Side => ({
    ...host,
    stack: { ...hostStack(), routes },
  });

  it('is what a route of the interface covers without a gateway', () => {
    const subnet = through(route('192.0.2.0/24', { dev: 'up0' }));
    expect(isOnLink(subnet, UP0, '192.0.2.52')).toBe(true);
    expect(isOnLink(subnet, UP0, '198.51.100.1')).toBe(false);
  });

  it('is neither behind a gateway nor behind a default route', () => {
    expect(
      isOnLink(through(route('192.0.2.0/24', { dev: 'up0', gateway: '192.0.2.2' })), UP0, '192.0.2.52'),
    ).toBe(false);
    expect(isOnLink(through(route('0.0.0.0/0', { dev: 'up0' })), UP0, '192.0.2.52')).toBe(false);
  });
});
