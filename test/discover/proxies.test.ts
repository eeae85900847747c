import { expect, test } from 'vitest';
import { answersForOthers } from '../../src/discover/proxies.ts';
import { healthy } from '../causes/scene.ts';
import { fakeMachine } from './fake-machine.ts';

test.each([
  ['a bridge whose port is on the path', 'sibling', 'ipv4/conf/br0/proxy_arp_pvlan', '1\n', true],
  ['every interface', 'outside', 'ipv4/conf/all/proxy_arp', '1\n', true],
  ['IPv6 on the uplink', 'outside', 'ipv6/conf/up0/proxy_ndp', '1\n', true],
  ['another bridge', 'sibling', 'ipv4/conf/br1/proxy_arp', '1\n', false],
  ['what is switched off', 'sibling', 'ipv4/conf/br0/proxy_arp', '0\n', false],
] as const)('for %s', (_, way, file, value, expected) => {
  const machine = fakeMachine({ files: { [`/proc/sys/net/${file}`]: value } });
  expect(answersForOthers(machine, healthy(way).path as never)).toBe(expected);
});
