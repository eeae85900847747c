import { describe, expect, it } from 'vitest';
import { carried } from '../../src/wire/carried.ts';
import { bytesOf, ethernet, FLAGS, ip, tcp, udp } from './frame.ts';

const inner = { source: '10.99.0.2', destination: '198.51.100.1' };
const syn = ip(inner, 6, tcp(40_000, 80, FLAGS.syn, 7));
const syn6 = ip({ source: 'fd00::2', destination: '2001:db8:f::1' }, 6, tcp(40_000, 80, FLAGS.syn, 7));
const ends = { source: '192.0.2.1', destination: '192.0.2.2' };
const ends6 = { source: '2001:db8::1', destination: '2001:db8::2' };
const join = (...parts: Uint8Array[]): Uint8Array => Buffer.concat(parts);
const vxlan = join(bytesOf('08000000 00000700'), ethernet(0x0800, syn));

describe('what a tunnel carries', () => {
  it.each([
    ['vxlan', 'VXLAN', ip(ends, 17, udp(50_000, 4789, vxlan))],
    ['vxlan', 'VXLAN over IPv6', ip(ends6, 17, udp(50_000, 4789, vxlan))],
    [
      'geneve',
      'Geneve',
      ip(ends, 17, udp(50_000, 6081, join(bytesOf('00006558 00000700'), ethernet(0x0800, syn)))),
    ],
    [
      'geneve',
      'Geneve with an option',
      ip(
        ends,
        17,
        udp(50_000, 6081, join(bytesOf('02006558 00000700 01020001 00000000'), ethernet(0x0800, syn))),
      ),
    ],
    [
      'geneve',
      'Geneve without frames',
      ip(ends, 17, udp(50_000, 6081, join(bytesOf('00000800 00000700'), syn))),
    ],
    ['gre', 'GRE', ip(ends, 47, join(bytesOf('00000800'), syn))],
    ['gre', 'GRE with a key', ip(ends, 47, join(bytesOf('20000800 00000007'), syn))],
    [
      'gre',
      'GRE with checksum, key and number',
      ip(ends, 47, join(bytesOf('b0000800 00000000 00000007 00000001'), syn)),
    ],
    ['gre', 'GRE with frames', ip(ends6, 47, join(bytesOf('00006558'), ethernet(0x0800, syn)))],
    ['ipip', 'IP in IP', ip(ends, 4, syn)],
  ])('%s: %s', (kind, _, outer) => {
    expect(carried(outer, kind)).toMatchObject({ ...inner, tcp: { syn: true, sequence: 7 } });
  });

  it('is IPv6 in IPv4 too', () => {
    expect(carried(ip(ends, 41, syn6), 'sit')).toMatchObject({ family: 6, destination: '2001:db8:f::1' });
  });

  it.each([
    ['another protocol', ip(ends, 6, tcp(1, 2, FLAGS.syn)), 'vxlan'],
    ['a datagram of no tunnel of this kind', ip(ends, 17, udp(50_000, 4789, vxlan)), 'gre'],
    ['one that is cut short', ip(ends, 17, udp(50_000, 4789, vxlan)).subarray(0, 48), 'vxlan'],
    ['nothing', new Uint8Array(), 'geneve'],
    ['an empty one', ip(ends, 47, new Uint8Array()), 'gre'],
  ])('is nothing in %s', (_, outer, kind) => {
    expect(carried(outer, kind)).toBeUndefined();
  });
});
