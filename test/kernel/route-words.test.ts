import { expect, it } from 'vitest';
import { routeWords } from '../../src/kernel/routing.ts';
import type { Route } from '../../src/model/stack.ts';

const route = (about: Partial<Route>): string =>
  routeWords({
    destination: '0.0.0.0/0',
    gateway: '10.88.0.1',
    dev: 'eth0',
    type: 'unicast',
    table: 'main',
    metric: 0,
    protocol: 'boot',
    scope: null,
    source: null,
    flags: [],
    ...about,
  } as unknown as Route).join(' ');

it('writes a default route as ip(8) shows it', () => {
  expect(route({})).toBe('default via 10.88.0.1 dev eth0');
  expect(route({ destination: '::/0', gateway: 'fe80::1' })).toBe('default via fe80::1 dev eth0');
});

it('writes a route that a nexthop object leads by the id of that object alone', () => {
  expect(route({ nhid: 7, metric: 5, flags: ['onlink'] })).toBe('default nhid 7 metric 5');
});

it('writes a route of IPv4 by a next hop of IPv6 so that ip(8) takes it for one of IPv4', () => {
  expect(route({ gateway: 'fe80::1' })).toBe('0.0.0.0/0 via inet6 fe80::1 dev eth0');
  expect(route({ destination: '198.51.100.0/24', gateway: 'fe80::1' })).toBe(
    '198.51.100.0/24 via inet6 fe80::1 dev eth0',
  );
});
