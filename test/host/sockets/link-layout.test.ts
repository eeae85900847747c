// Links that are told alike are read by the layout of the first of them: none may be taken for another.
import { expect, test } from 'vitest';
import type { Entry } from '../../../src/host/sockets/network/entry.ts';
import { linkFrom } from '../../../src/host/sockets/network/link.ts';
import { Layouts, layoutOf } from '../../../src/host/sockets/network/link-layout.ts';

const attribute = (type: number, ...values: readonly Buffer[]): Buffer => {
  const value = Buffer.concat(values);
  const out = Buffer.alloc((4 + value.length + 3) & ~3);
  out.writeUInt16LE(4 + value.length, 0);
  out.writeUInt16LE(type, 2);
  value.copy(out, 4);
  return out;
};
const int = (value: number): Buffer => {
  const out = Buffer.alloc(4);
  out.writeInt32LE(value);
  return out;
};
const byte = (value: number): Buffer => Buffer.of(value);
const text = (value: string): Buffer => Buffer.from(`${value}\0`);

interface Told {
  index: number;
  name: string;
  flags: number;
  mac: string;
  mtu: number;
  qdisc: string;
  peer: number;
  nsid: number;
  /** Null: another attribute of the same length stands there. */
  master: number | null;
  state: number;
  hairpin: number;
  number: number;
  xdp: number;
  kind: string;
}

const PORT: Told = {
  index: 7,
  name: 'veth07',
  flags: 0x11043,
  mac: '0242ac110007',
  mtu: 1500,
  qdisc: 'noqueue',
  peer: 2,
  nsid: 4,
  master: 3,
  state: 3,
  hairpin: 0,
  number: 1,
  xdp: 0,
  kind: 'veth',
};

/** A port of a bridge as the kernel tells it, in its order. */
function message(about: Partial<Told>): Buffer {
  const told = { ...PORT, ...about };
  const head = Buffer.alloc(16);
  head.writeUInt16LE(1, 2);
  head.writeInt32LE(told.index, 4);
  head.writeUInt32LE(told.flags, 8);
  const port = attribute(
    5,
    attribute(1, byte(told.state)),
    attribute(4, byte(told.hairpin)),
    attribute(22, int(told.number)),
  );
  const info = [attribute(1, text(told.kind)), attribute(4, text('bridge')), port];
  return Buffer.concat([
    head,
    attribute(3, text(told.name)),
    attribute(13, int(1000)),
    attribute(4, int(told.mtu)),
    told.master === null ? attribute(27, int(3)) : attribute(10, int(told.master)),
    attribute(6, text(told.qdisc)),
    attribute(1, Buffer.from(told.mac, 'hex')),
    attribute(43, attribute(2, byte(told.xdp))),
    attribute(18, ...info),
    attribute(37, int(told.nsid)),
    attribute(5, int(told.peer)),
  ]);
}

const read = (about: Partial<Told>): Entry =>
  linkFrom(message(about)).entry({ name: (index) => `br${index}` }, []);

test('each of those that are told alike is itself', () => {
  expect(read({})).toMatchObject({ ifname: 'veth07', master: 'br3', mtu: 1500, qdisc: 'noqueue' });
  const other = { index: 8, name: 'veth08', mac: '0242ac110008', peer: 5, nsid: 6, master: 9, number: 2 };
  expect(read({ ...other, flags: 0x1002 })).toEqual({
    ...read({}),
    ifindex: 8,
    ifname: 'veth08',
    flags: [],
    address: '02:42:ac:11:00:08',
    link_index: 5,
    link_netnsid: 6,
    master: 'br9',
  });
});

test.each<[string, Partial<Told>, object]>([
  ['an MTU', { mtu: 1400 }, { mtu: 1400 }],
  ['a queue', { qdisc: 'fq_code' }, { qdisc: 'fq_code' }],
  ['no master, and something as long in its place', { master: null }, { master: null }],
  ['a state', { state: 4 }, { linkinfo: { info_slave_data: { state: 'blocking' } } }],
  ['a switch', { hairpin: 1 }, { linkinfo: { info_slave_data: { hairpin: true } } }],
  ['a program', { xdp: 2 }, { xdp: { mode: 2 } }],
  ['a kind', { kind: 'ifb' }, { linkinfo: { info_kind: 'ifb' } }],
  ['a longer name', { name: 'veth-of-web' }, { ifname: 'veth-of-web' }],
])('one that differs in %s is told so, and those behind it as before', (_, about, told) => {
  const before = read({});
  expect(read(about)).toMatchObject(told);
  expect(read({})).toEqual(before);
});

test('a link that is told again as before is the same entry, and another one where its bridge has another name', () => {
  const link = linkFrom(message({}));
  const none: Entry[] = [];
  const first = link.entry({ name: () => 'br0' }, none);
  expect(link.entry({ name: () => 'br0' }, none)).toBe(first);
  expect(link.entry({ name: () => 'br1' }, none)).toMatchObject({ ifname: 'veth07', master: 'br1' });
});

test('what is nested is a part of the layout, and of what is fixed each byte', () => {
  const layouts = new Layouts<string>();
  const parts = { nested: new Set(['18', '18.5']), fixed: new Set(['18.5.1']) };
  layouts.keep(layoutOf(message({}), parts), 'forwarding');
  expect(layouts.of(message({ mtu: 9000, hairpin: 1, number: 9 }))).toBe('forwarding');
  expect(layouts.of(message({ state: 4 }))).toBeUndefined();
  expect(layouts.of(message({ master: null }))).toBeUndefined();
});
