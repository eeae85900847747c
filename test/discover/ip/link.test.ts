import { expect, test } from 'vitest';
import { linksFrom } from '../../../src/discover/ip/link.ts';

test('what is told by the same object again is the same link, except where its lower device may have another index', () => {
  const [veth, vlan] = [
    { ifindex: 7, ifname: 'veth07', link_index: 2, link_netnsid: 4 },
    { ifindex: 8, ifname: 'lan.5', link: 'lan' },
  ];
  const [first, ofLan] = linksFrom([veth, vlan, { ifindex: 3, ifname: 'lan' }]);
  const [again, ofOther] = linksFrom([veth, vlan, { ifindex: 4, ifname: 'lan' }]);
  expect(again).toBe(first);
  expect([ofLan?.link, ofOther?.link]).toEqual([3, 4]);
});
