import { expect, test } from 'vitest';
import { addressesOf } from '../../../src/discover/ip/address.ts';
import { parseList } from '../../../src/discover/ip/json.ts';
import { linksFrom } from '../../../src/discover/ip/link.ts';
import { routesFrom } from '../../../src/discover/ip/route.ts';

test('an interface name with a quote or a control character does not spoil the document', () => {
  expect(parseList(`[{"ifname":"it\\'s"}]`)).toEqual([{ ifname: "it's" }]);
  expect(parseList('[{"ifname":"a\u0001b"}]')).toEqual([{ ifname: 'a\u0001b' }]);
  expect(parseList('[{"ifname":"back\\\\"}]')).toEqual([{ ifname: 'back\\' }]);
});

test('nothing printed is an empty list, and rubbish is an error', () => {
  expect(parseList('\n')).toEqual([]);
  expect(() => parseList('Error: boo')).toThrow();
});

test('a link that is up without a carrier, and one without ARP', () => {
  const [dark, tunnel] = linksFrom([
    { ifindex: 2, ifname: 'eth0', flags: ['NO-CARRIER', 'BROADCAST', 'UP'], mtu: 1500, link_type: 'ether' },
    { ifindex: 3, ifname: 'tun0', flags: ['POINTOPOINT', 'NOARP', 'UP', 'LOWER_UP'], link_type: 'none' },
  ]);
  expect(dark).toMatchObject({ up: true, carrier: false, kind: 'ether', noarp: false });
  expect(tunnel).toMatchObject({ up: true, carrier: true, noarp: true, mac: null });
});

test('loopback is a kind of its own', () => {
  expect(linksFrom([{ ifindex: 1, ifname: 'lo', flags: [], link_type: 'loopback' }])[0]?.kind).toBe(
    'loopback',
  );
});

test('an XDP program shows with its mode', () => {
  const [generic, driver, none] = linksFrom([
    { ifname: 'a', xdp: { mode: 2, prog: { id: 5 } } },
    { ifname: 'b', xdp: { mode: 1, prog: { id: 6 } } },
    { ifname: 'c' },
  ]);
  expect([generic?.xdp, driver?.xdp, none?.xdp]).toEqual(['xdpgeneric', 'xdp', null]);
});

test('flags of an address are those iproute2 prints as true', () => {
  const [address] = addressesOf({
    addr_info: [
      { family: 'inet6', local: 'fd99::1', prefixlen: 64, scope: 'global', tentative: true, dadfailed: true },
    ],
  });
  expect(address?.flags).toEqual(['tentative', 'dadfailed']);
});

test('an IPv4 route over an IPv6 next hop stays an IPv4 route', () => {
  const [route] = routesFrom([
    { dst: '10.0.0.0/8', via: { family: 'inet6', host: 'fe80::1' }, dev: 'eth0', flags: ['linkdown'] },
  ]);
  expect(route).toMatchObject({ family: 4, gateway: 'fe80::1', flags: ['linkdown'] });
});

test('a route for some sources only says for which', () => {
  const words = { dst: 'default', dev: 'up0', gateway: '2001:db8::2', flags: [] };
  const of = (from?: string) => routesFrom([{ ...words, ...(from ? { from } : {}) }])[0];
  expect(of('2001:db8::/64')).toMatchObject({ family: 6, destination: '::/0', from: '2001:db8::/64' });
  expect(of('2001:db8::7')?.from).toBe('2001:db8::7/128');
  expect(of()).not.toHaveProperty('from');
});

test('a router that was advertised has a preference, and a life', () => {
  const words = { dst: 'default', dev: 'eth0', protocol: 'ra', metric: 1024, flags: [] };
  const [high, medium] = routesFrom([
    { ...words, gateway: 'fe80::1', expires: 1795, pref: 'high' },
    { ...words, gateway: 'fe80::2', pref: 'medium' },
  ]);
  expect(high).toMatchObject({ preference: 'high', expires: 1795 });
  expect(medium).not.toHaveProperty('preference');
  expect(medium).not.toHaveProperty('expires');
  expect(routesFrom([{ ...words, gateway: 'fe80::1', expires: -11 }])).toEqual([]);
});

test('a default route of a device alone is told by its preference', () => {
  const families = routesFrom([
    { dst: 'default', dev: 'tun0', flags: [] },
    { dst: 'default', dev: 'tun0', flags: [], pref: 'medium' },
  ]).map((route) => [route.family, route.destination]);
  expect(families).toEqual([
    [4, '0.0.0.0/0'],
    [6, '::/0'],
  ]);
});
