// The kernel's trace tells packets apart by their length: it must be that of the packets that are sent.
import { expect, it } from 'vitest';
import type { Machine } from '../../src/host/machine.ts';
import type { Flow } from '../../src/model/flow.ts';
import { Probing } from '../../src/watch/probing.ts';
import { flow } from '../repl/fixture/forwarding-off.ts';

const DRAWN = 471;
const machine = { random: () => DRAWN } as unknown as Machine;

it.each<readonly [string, Partial<Flow>, number]>([
  ['a ping: as it was drawn', { proto: 'icmp', port: null }, DRAWN],
  ['a question to a name server: as it was drawn', { proto: 'dns', port: 53 }, DRAWN],
  ['a SYN, which the kernel makes', { proto: 'tcp', port: 80 }, 60],
  ['one of IPv6', { proto: 'tcp', port: 80, family: 6, address: '2001:db8::1' }, 80],
  ['a message of NTP, which has one length alone', { proto: 'udp', port: 123 }, 76],
])('%s', (_, asked, length) => {
  expect(new Probing(machine, 0x1234, { ...flow, ...asked }, () => {}).length).toBe(length);
});
