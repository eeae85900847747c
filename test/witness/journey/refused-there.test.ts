// What ends behind a tunnel's far end on this host, as kernels of each age tell it.
import { expect, test } from 'vitest';
import type { Hop } from '../../../src/model/path.ts';
import type { TraceEvent } from '../../../src/witness/journey/line.ts';
import { isRefusedThere } from '../../../src/witness/journey/refused-there.ts';

const vx0 = { name: 'vx0', kind: 'vxlan' } as Hop;
const on = (device: string, event = 'netif_receive_skb') => ({ device, event: { event } as TraceEvent });

test.each([
  ['NETFILTER_DROP', 'nft_do_chain', on('up0'), true],
  ['NETFILTER_DROP', 'unknown', on('up0'), true],
  ['NOT_SPECIFIED', 'nft_do_chain', on('up0'), true],
  ['VXLAN_VNI_NOT_FOUND', 'vxlan_rcv', on('up0'), true],
  ['NOT_SPECIFIED', 'vxlan_rcv', on('up0'), true],
  ['NOT_SPECIFIED', 'unknown', on('up0'), true],
  ['NO_SOCKET', '__udp4_lib_rcv', on('up0'), false],
  ['NETFILTER_DROP', 'nft_do_chain', on('up0', 'net_dev_queue'), false],
  ['OTHERHOST', 'ip_rcv_core', on('vx0'), true],
  ['NOT_SPECIFIED', 'ip_rcv_core', on('vx0'), true],
  ['NOT_SPECIFIED', 'tcp_v4_rcv', on('vx0'), false],
] as const)('%s at %s', (reason, place, seen, refused) => {
  const told = { reason, function: place };
  expect(isRefusedThere(told, seen, vx0)).toBe(refused);
  expect(isRefusedThere(told, seen, { ...vx0, kind: 'uplink' })).toBe(false);
  expect(isRefusedThere(told, seen, undefined)).toBe(false);
});
