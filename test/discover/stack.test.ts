import { expect, test } from 'vitest';
import { readStack } from '../../src/discover/stack.ts';
import { linkHolding, linkNamed, type Stack } from '../../src/model/stack.ts';
import { fakeMachine, recording } from './fake-machine.ts';

const BATCH = 'ip -j -d -force -batch -';
const RULES6 = 'ip -6 -j -d rule show';
const IF_INET6 = {
  '/proc/net/if_inet6':
    '00000000000000000000000000000001 01 80 10 80       lo\nfd880000000000000000000000000001 05 40 00 82      br0\n',
};
const netns = { inode: 7, path: '/run/netns/x' };

async function host(): Promise<Stack> {
  const machine = fakeMachine({
    run: { [BATCH]: recording('stack/host.txt'), [RULES6]: recording('stack/host-rules6.txt') },
    files: IF_INET6,
  });
  const answer = await readStack(machine, null);
  if (!answer.known) throw new Error(answer.detail);
  return answer.value;
}

test('a veth carries the index of its peer and the namespace that index belongs to', async () => {
  expect(linkNamed(await host(), 'va')).toMatchObject({
    kind: 'veth',
    ifindex: 2,
    link: 2,
    linkName: null,
    nsid: 0,
    master: 'br0',
    carrier: true,
  });
});

test('a device over another of the same namespace carries its name and index, and no namespace', async () => {
  expect(linkNamed(await host(), 'mv0')).toMatchObject({
    kind: 'macvlan',
    link: 4,
    linkName: 'up0',
    nsid: null,
    up: false,
    carrier: null,
    data: { mode: 'private' },
  });
});

test('bridges and their ports carry what decides about a frame', async () => {
  const stack = await host();
  expect(linkNamed(stack, 'br0')?.bridge).toEqual({
    stp: false,
    vlanFiltering: false,
    mcastSnooping: true,
    mcastQuerier: false,
    nfCallIptables: false,
  });
  expect(linkNamed(stack, 'va')?.port).toMatchObject({ state: 'forwarding', isolated: false, flood: true });
  expect(linkNamed(stack, 'up0')?.port).toBeNull();
});

test('addresses keep their peer and their flags', async () => {
  const stack = await host();
  const up0 = linkNamed(stack, 'up0');
  expect(up0?.addresses).toContainEqual({
    family: 4,
    address: '10.1.1.1',
    prefix: 32,
    scope: 'global',
    peer: '10.1.1.2',
    flags: [],
  });
  expect(linkHolding(stack, 'fd88::1')?.addresses[1]).toMatchObject({
    family: 6,
    prefix: 64,
    flags: ['nodad'],
  });
});

test('routes have a family, a prefix and a type, whatever iproute2 leaves out', async () => {
  const { routes } = await host();
  const route = (destination: string) => routes.filter((one) => one.destination === destination);
  expect(route('0.0.0.0/0')).toMatchObject([{ family: 4, gateway: '192.0.2.2', dev: 'up0', table: 'main' }]);
  expect(route('::/0')).toMatchObject([{ family: 6, type: 'blackhole', metric: 5000 }]);
  expect(route('203.0.113.0/24')).toMatchObject([{ type: 'blackhole', dev: null }]);
  expect(route('203.0.114.0/24')).toMatchObject([{ type: 'unreachable', metric: 5 }]);
  expect(route('203.0.115.1/32')).toMatchObject([{ type: 'prohibit' }]);
  expect(route('203.0.116.0/24')).toMatchObject([{ type: 'throw', table: '100' }]);
  expect(route('203.0.118.0/24')).toMatchObject([{ flags: ['onlink'] }]);
  expect(route('fd88::1/128')).toMatchObject([{ type: 'local', table: 'local', dev: 'br0' }]);
});

test('a multipath route becomes one route for each next hop', async () => {
  const hops = (await host()).routes.filter((route) => route.destination === '203.0.117.0/24');
  expect(hops.map((hop) => hop.gateway)).toEqual(['192.0.2.2', '192.0.2.3']);
  expect(hops.map((hop) => hop.dev)).toEqual(['up0', 'up0']);
});

test('rules of both families read as ip-rule takes them', async () => {
  const { rules } = await host();
  const texts = rules.filter((rule) => rule.family === 4).map((rule) => `${rule.priority} ${rule.text}`);
  expect(texts).toEqual([
    '0 from all lookup local',
    '100 from all fwmark 0x1 lookup 100',
    '200 from 10.88.0.9 blackhole',
    '300 not from 10.7.0.0/16 to 10.9.0.0/24 iif br0 ipproto tcp dport 80 lookup 100',
    '301 from all uidrange 0-5 goto 32766',
    '302 from all tos 0x10 fwmark 0x5/0xff oif up0 prohibit',
    '303 from all lookup main suppress_prefixlength 0',
    '304 from all sport 10-20 lookup 5',
    '305 from all l3mdev',
    '32766 from all lookup main',
    '32767 from all lookup default',
  ]);
  expect(rules.filter((rule) => rule.family === 6)).toHaveLength(2);
  expect(rules.find((rule) => rule.priority === 200)).toMatchObject({ action: 'blackhole', table: null });
});

test('neighbours and proxied neighbours are told apart', async () => {
  const { neighbours } = await host();
  expect(neighbours).toContainEqual({
    address: '10.88.0.200',
    dev: 'br0',
    mac: '02:00:00:00:00:99',
    state: ['PERMANENT'],
    proxy: false,
  });
  expect(neighbours.filter((one) => one.proxy)).toEqual([
    { address: '10.88.0.77', dev: 'br0', mac: null, state: [], proxy: true },
  ]);
});

test('the questions are asked inside the namespace', async () => {
  const machine = fakeMachine({
    run: { [BATCH]: recording('stack/container.txt'), [RULES6]: '[]' },
    files: IF_INET6,
  });
  const answer = await readStack(machine, netns);
  expect(answer.known && answer.value.netns).toEqual(netns);
  expect(machine.asked.filter((line) => !line.startsWith('read'))).toEqual([
    `nsenter --net=${netns.path} ${BATCH}`,
    `nsenter --net=${netns.path} ${RULES6}`,
  ]);
  expect(answer.known && linkNamed(answer.value, 'eth0')).toMatchObject({ link: 2, nsid: 0 });
});

test('a question that failed in the middle does not shift the answers after it', async () => {
  const [addresses, routes, , neighbours] = recording('stack/host.txt').split('\n');
  const machine = fakeMachine({
    run: {
      [BATCH]: {
        stdout: `${addresses}\n${routes}\n${neighbours}\n`,
        stderr: 'RTNETLINK answers: Operation not supported\nCommand failed -:3\nboo\nCommand failed -:5\n',
        code: 1,
      },
    },
  });
  const answer = await readStack(machine, null);
  if (!answer.known) throw new Error(answer.detail);
  expect(answer.value.rules).toEqual([]);
  expect(answer.value.neighbours.map((one) => one.address)).toContain('10.88.0.200');
});

test('without links or routes the stack is not known, and says why', async () => {
  const denied = fakeMachine({
    run: {
      [BATCH]: {
        stdout: '[]\n[]\n[]\n',
        stderr: 'Dump terminated\nCommand failed -:1\nCommand failed -:2\n',
        code: 1,
      },
    },
  });
  expect(await readStack(denied, null)).toMatchObject({ known: false, because: 'unreadable' });
  expect(await readStack(fakeMachine({}), null)).toMatchObject({ known: false, because: 'no-such-tool' });
  const odd = fakeMachine({ run: { [BATCH]: '[]\n' } });
  expect(await readStack(odd, null)).toMatchObject({ known: false, because: 'unreadable' });
});

test('IPv6 rules are not asked for where there is no IPv6 address to use them', async () => {
  const machine = fakeMachine({
    run: { [BATCH]: recording('stack/container.txt') },
    files: {
      '/proc/net/if_inet6':
        '00000000000000000000000000000001 01 80 10 80       lo\nfe80000000000000105d0bfffe1e6a28 02 40 20 80     eth0\n',
    },
  });
  expect((await readStack(machine, null)).known).toBe(true);
  expect(machine.asked).not.toContain(RULES6);
});
