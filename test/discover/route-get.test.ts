import { expect, test } from 'vitest';
import { routeGet } from '../../src/discover/route-get.ts';
import { fakeMachine } from './fake-machine.ts';

const netns = { inode: 7, path: '/run/netns/x' };

test('the decision for a packet that arrives from a container', async () => {
  const machine = fakeMachine({
    run: {
      'ip -j -d route get 198.51.100.1 from 10.88.0.2 iif br0':
        '[{"type":"unicast","dst":"198.51.100.1","from":"10.88.0.2","gateway":"192.0.2.2","dev":"up0","table":"main","flags":[],"cache":[],"iif":"br0"}]\n',
    },
  });
  expect(await routeGet(machine, netns, { to: '198.51.100.1', from: '10.88.0.2', iif: 'br0' })).toEqual({
    known: true,
    refusal: null,
    dev: 'up0',
    gateway: '192.0.2.2',
    source: null,
    table: 'main',
    type: 'unicast',
    argv: `nsenter --net=${netns.path} ip -j -d route get 198.51.100.1 from 10.88.0.2 iif br0`.split(' '),
  });
});

test('the tunnel of the route is read although iproute2 writes dst twice', async () => {
  const machine = fakeMachine({
    run: {
      'ip -j -d route get 10.90.0.1':
        '[{"type":"unicast","dst":"10.90.0.1","encap":"ip","id":42,"src":"0.0.0.0","dst":"192.0.2.2","ttl":0,"tos":0,"gateway":"203.0.113.2","dev":"vx0","flags":[],"cache":[]}]\n',
    },
  });
  expect(await routeGet(machine, null, { to: '10.90.0.1' })).toMatchObject({
    dev: 'vx0',
    encap: { id: 42, source: null, destination: '192.0.2.2' },
  });
});

test('a redirect that is remembered goes before the routes', async () => {
  const machine = fakeMachine({
    run: {
      'ip -j -d route get 198.51.100.1':
        '[{"type":"unicast","dst":"198.51.100.1","gateway":"10.88.0.3","dev":"eth0","flags":[],"cache":["redirected"]}]\n',
    },
  });
  expect(await routeGet(machine, null, { to: '198.51.100.1' })).toMatchObject({
    gateway: '10.88.0.3',
    redirected: true,
  });
});

test('of IPv6 the copy that a redirect left says neither protocol nor scope', async () => {
  const get = 'ip -j -d route get 2001:db8::1';
  const copy = '"type":"unicast","dst":"2001:db8::1","gateway":"fe80::b3","dev":"eth0","table":"main"';
  const asked = async (rest: string) =>
    routeGet(fakeMachine({ run: { [get]: `[{${copy}${rest}}]\n` } }), null, { to: '2001:db8::1' });
  expect(await asked(',"prefsrc":"fd00:88::2","metric":1024,"flags":[]')).toMatchObject({ redirected: true });
  expect(await asked(',"protocol":"ra","scope":"global","metric":1024,"flags":[]')).not.toHaveProperty(
    'redirected',
  );
  expect(await asked(',"protocol":"ra","scope":"global"')).toMatchObject({ protocol: 'ra' });
});

test('mark, protocol and port are asked for, since rules may decide by them', async () => {
  const machine = fakeMachine({});
  await routeGet(machine, null, { to: '192.0.2.1', mark: 1, proto: 'dns', port: 53 });
  await routeGet(machine, null, { to: '2001:db8::1', proto: 'icmp', port: null });
  expect(machine.asked).toEqual([
    'ip -j -d route get 192.0.2.1 mark 1 ipproto udp dport 53',
    'ip -j -d route get 2001:db8::1 ipproto ipv6-icmp',
  ]);
});

test("the kernel's refusal is an answer, in its own words", async () => {
  const machine = fakeMachine({
    run: { 'ip -j -d route get 203.0.114.1': { stderr: 'RTNETLINK answers: No route to host\n', code: 2 } },
  });
  expect(await routeGet(machine, null, { to: '203.0.114.1' })).toMatchObject({
    known: true,
    refusal: 'No route to host',
    dev: null,
  });
});

test('an IPv6 route that rejects is printed as a route and is a refusal all the same', async () => {
  const machine = fakeMachine({
    run: {
      'ip -j -d route get 2001:db8::1':
        '[{"type":"blackhole","dst":"2001:db8::1","dev":"lo","table":"main","error":-22}]\n',
    },
  });
  expect(await routeGet(machine, null, { to: '2001:db8::1' })).toMatchObject({
    known: true,
    refusal: 'Invalid argument',
    type: 'blackhole',
  });
});

test('a question that could not be put is not known', async () => {
  const odd = { stderr: 'Error: any valid prefix is expected rather than "x".\n', code: 1 };
  const machine = fakeMachine({ run: { 'ip -j -d route get x': odd } });
  expect(await routeGet(machine, null, { to: 'x' })).toMatchObject({ known: false });
  expect(await routeGet(fakeMachine({}), null, { to: '192.0.2.1' })).toMatchObject({
    known: false,
    refusal: 'ip is not installed',
  });
});
