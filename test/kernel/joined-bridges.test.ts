import { expect, test } from 'vitest';
import { cableBetween, cableUnplugged } from '../../src/kernel/joined-bridges.ts';
import type { Stack } from '../../src/model/stack.ts';
import { link } from '../causes/lab-state.ts';

const one = link(1, 'br0', 'bridge');
const other = link(2, 'br2', 'bridge');
const stack = (...links: Parameters<typeof link>[]): Stack =>
  ({ links: [one, other, ...links.map((words) => link(...words))], routes: [] }) as unknown as Stack;

test('a pair whose ends are ports of two bridges joins them', () => {
  const joined = stack(
    [3, 'n0', 'veth', { link: 4, master: 'br2' }],
    [4, 'n1', 'veth', { link: 3, master: 'br0' }],
  );
  expect(cableBetween(joined, other, one)).toMatchObject({ near: { name: 'n0' }, far: { name: 'n1' } });
  expect(cableBetween(joined, one, one)).toBeUndefined();
});

test('ports that lead to containers do not', () => {
  const apart = stack(
    [3, 'vetha', 'veth', { link: 4, nsid: 1, master: 'br2' }],
    [4, 'vethb', 'veth', { link: 3, nsid: 2, master: 'br0' }],
  );
  expect(cableBetween(apart, other, one)).toBeUndefined();
});

const pair = (near: object, far: object): Stack =>
  stack([3, 'n0', 'veth', { link: 4, ...near }], [4, 'n1', 'veth', { link: 3, ...far }]);

test('a pair of which one end is unused was a cable between them', () => {
  const ends = { near: { name: 'n0' }, far: { name: 'n1' } };
  expect(cableUnplugged(pair({ master: 'br2' }, {}), other, one)).toMatchObject(ends);
  expect(cableUnplugged(pair({}, { master: 'br0' }), other, one)).toMatchObject(ends);
  expect(cableUnplugged(pair({ master: 'br2' }, { master: 'br0' }), other, one)).toBeUndefined();
});

test('an end with an address or a route is in use', () => {
  const own = { address: '10.0.0.1', prefix: 24, family: 4, scope: 'global', flags: [] };
  expect(cableUnplugged(pair({ master: 'br2' }, { addresses: [own] }), other, one)).toBeUndefined();
  const routed = pair({ master: 'br2' }, {});
  const route = { dev: 'n1', type: 'unicast', protocol: 'static' };
  expect(cableUnplugged({ ...routed, routes: [route] } as unknown as Stack, other, one)).toBeUndefined();
});

test('which of two unused ends was meant is not known', () => {
  const two = stack(
    [3, 'n0', 'veth', { link: 4, master: 'br2' }],
    [4, 'n1', 'veth', { link: 3 }],
    [5, 'm0', 'veth', { link: 6, master: 'br2' }],
    [6, 'm1', 'veth', { link: 5 }],
  );
  expect(cableUnplugged(two, other, one)).toBeUndefined();
});
