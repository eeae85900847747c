import { expect, it } from 'vitest';
import { hasForwarded } from '../../src/discover/has-forwarded.ts';
import { fakeMachine } from './fake-machine.ts';

const forwarded = (files: Record<string, string>): boolean =>
  hasForwarded(fakeMachine({ files }), { inode: 7, path: '/run/netns/a' });
const snmp = (count: number): string =>
  `Ip: Forwarding DefaultTTL InReceives ForwDatagrams\nIp: 1 64 9 ${count}\nUdp: InDatagrams\nUdp: 3\n`;

it('counts what was passed on, of both families', () => {
  expect(forwarded({ '/proc/net/snmp': snmp(0) })).toBe(false);
  expect(forwarded({ '/proc/net/snmp': snmp(3) })).toBe(true);
  expect(forwarded({ '/proc/net/snmp6': 'Ip6OutForwDatagrams   \t0\n' })).toBe(false);
  expect(forwarded({ '/proc/net/snmp6': 'Ip6OutForwDatagrams   \t2\n' })).toBe(true);
});

it('is not so where nothing is counted', () => expect(forwarded({})).toBe(false));
