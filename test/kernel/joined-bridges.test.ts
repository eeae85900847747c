import { expect, test } from 'vitest';
import { cableBetween } from '../../src/kernel/joined-bridges.ts';
import type { Stack } from '../../src/model/stack.ts';
import { link } from '../causes/lab-state.ts';

const one = link(1, 'br0', 'bridge');
const other = link(2, 'br2', 'bridge');
const stack = (...links: Parameters<typeof link>[]): Stack =>
  ({ links: [one, other, ...links.map((words) => link(...words))] }) as unknown as Stack;

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
