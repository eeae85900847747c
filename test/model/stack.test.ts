import { expect, it } from 'vitest';
import { isPeer, type Link } from '../../src/model/stack.ts';

const end = (kind: string, ifindex: number, link: number | null): Link =>
  ({ kind, ifindex, link }) as unknown as Link;

it.each([
  ['each names the other', end('veth', 2, 7), end('veth', 7, 2), true],
  ['netkit tells it alike', end('netkit', 2, 7), end('netkit', 7, 2), true],
  ['the kernel leaves out an index that both have', end('veth', 2, null), end('veth', 2, null), true],
  ['only one names the other', end('veth', 2, 7), end('veth', 7, 3), false],
  ['a child names its parent, which is no end', end('macvlan', 2, 7), end('veth', 7, 2), false],
])('tells the two ends of one cable: %s', (_, one, other, joined) => {
  expect(isPeer(one, other)).toBe(joined);
  expect(isPeer(other, one)).toBe(joined);
});
