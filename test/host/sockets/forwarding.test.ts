// Entries of forwarding databases as Linux 6.18 sent them, beside what `bridge -j fdb show` of iproute2 6.1 printed of each.
import { expect, test } from 'vitest';
import { attribute } from '../../../src/host/sockets/attribute.ts';
import { entryFrom } from '../../../src/host/sockets/told/forwarding.ts';

const NOTHING = {
  master: null,
  flags: [],
  state: null,
  vlan: null,
  dst: null,
  port: null,
  vni: null,
  sourceVni: null,
  via: null,
  nextHop: null,
};
const SELF = { ifindex: 5, flags: ['self'], state: 'permanent' };

test.each([
  [
    'written by a control plane',
    '0700000004000000020010000a0002000200000000020000080009000200000008000f00000000001400030000000000120000001200000000000000',
    { mac: '02:00:00:00:00:02', ifindex: 4, master: 2, flags: ['extern_learn'] },
  ],
  [
    'static and sticky',
    '0700000004000000400040000a0002000200000000010000080009000200000008000f00000000001400030000000000130000001300000000000000',
    { mac: '02:00:00:00:00:01', ifindex: 4, master: 2, flags: ['sticky'], state: 'static' },
  ],
  [
    'a port’s own',
    '0700000004000000800000000a000200fa45cf8e0c5b0000080009000200000008000f000000000014000300000000001e0000001e00000000000000',
    { mac: 'fa:45:cf:8e:0c:5b', ifindex: 4, master: 2, state: 'permanent' },
  ],
  [
    'a tunnel with a port and a network of its own there',
    '0700000005000000c00002010a000200020000000003000008000100c00002090600060013870000080007004d0000001400030000000000120000001200000000000000',
    { ...SELF, mac: '02:00:00:00:00:03', dst: '192.0.2.9', port: 4999, vni: 77 },
  ],
  [
    'a tunnel of many networks',
    '0700000006000000c00002010a000200020000000004000008000100c000020b080007004200000008000b00370000001400030000000000100000001000000000000000',
    { ...SELF, ifindex: 6, mac: '02:00:00:00:00:04', dst: '192.0.2.11', vni: 66, sourceVni: 55 },
  ],
  [
    'a tunnel by an interface',
    '0700000005000000c00002010a000200000000000000000008000100c000020a080008000200000014000300000000000a0000001000000000000000',
    { ...SELF, mac: '00:00:00:00:00:00', dst: '192.0.2.10', via: 2 },
  ],
  [
    'a group of next hops',
    '0700000005000000c00002010a000200020000000005000008000d006400000014000300000000000e0000000e00000000000000',
    { ...SELF, mac: '02:00:00:00:00:05', nextHop: 100 },
  ],
])('an entry is read: %s', (_, hex, entry) => {
  expect(entryFrom(Buffer.from(hex, 'hex'))).toEqual({ ...NOTHING, ...entry });
});

const head = (family: number, state: number, flags: number): Buffer =>
  Buffer.of(family, 0, 0, 0, 4, 0, 0, 0, state, 0, flags, 0);
const MAC = attribute(2, Buffer.of(2, 0, 0, 0, 0, 1));

test('all flags have their words, in the order of iproute2, and states that nobody knows are numbers', () => {
  const all = Buffer.concat([head(7, 0x01, 0xff), MAC, attribute(15, Buffer.of(2, 0, 0, 0))]);
  expect(entryFrom(all)).toMatchObject({
    state: '0x1',
    flags: ['self', 'router', 'extern_learn', 'offload', 'master', 'sticky', 'locked'],
  });
});

test('a VLAN, and a far end of IPv6', () => {
  const far = Buffer.from('20010db8000000000000000000000009', 'hex');
  const body = Buffer.concat([head(7, 0x04, 0), MAC, attribute(5, Buffer.of(7, 0)), attribute(1, far)]);
  expect(entryFrom(body)).toMatchObject({ state: 'stale', vlan: 7, dst: '2001:db8::9' });
});

test('a neighbour of IP is no such entry, and of one that is cut off nothing is read', () => {
  expect(entryFrom(Buffer.concat([head(2, 0x02, 0), MAC]))).toBeNull();
  expect(entryFrom(Buffer.concat([head(7, 0x02, 0), MAC]).subarray(0, 15))).toBeNull();
  const short = Buffer.concat([
    head(7, 0x02, 0),
    MAC,
    attribute(1, Buffer.of(192, 0)),
    attribute(7, Buffer.of(1)),
  ]);
  expect(entryFrom(short)).toMatchObject({ dst: null, vni: null });
});
