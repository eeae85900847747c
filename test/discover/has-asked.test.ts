import { expect, it } from 'vitest';
import { hasAsked } from '../../src/discover/has-asked.ts';
import { fakeMachine } from './fake-machine.ts';

const snmp = (opens: number, datagrams: number, echos: number): string =>
  [
    'Ip: Forwarding DefaultTTL\nIp: 2 64',
    `Icmp: InMsgs OutMsgs OutEchos\nIcmp: 4 5 ${echos}`,
    'IcmpMsg: OutType8\nIcmpMsg: 5',
    `Tcp: RtoAlgorithm ActiveOpens PassiveOpens\nTcp: 1 ${opens} 7`,
    `Udp: InDatagrams NoPorts InErrors OutDatagrams\nUdp: 3 0 0 ${datagrams}\n`,
  ].join('\n');
const asked = (four: string, six = 'Ip6InReceives   9\nUdp6OutDatagrams   0\nIcmp6OutEchos 0\n') =>
  hasAsked(fakeMachine({ files: { '/proc/net/snmp': four, '/proc/net/snmp6': six } }), {
    inode: 7,
    path: '/run/netns/a',
  });

it('counts connections begun, datagrams and pings, of both families', () => {
  expect(asked(snmp(0, 0, 0))).toBe(false);
  expect(asked(snmp(1, 0, 0))).toBe(true);
  expect(asked(snmp(0, 12, 0))).toBe(true);
  expect(asked(snmp(0, 0, 3))).toBe(true);
  expect(asked(snmp(0, 0, 0), 'Udp6OutDatagrams    2\n')).toBe(true);
});

it('is not so where nothing is counted', () => {
  expect(hasAsked(fakeMachine({}), { inode: 7, path: '/run/netns/a' })).toBe(false);
});
