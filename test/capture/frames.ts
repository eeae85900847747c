/** Frames as they are seen, of every kind that a line is printed for. */
import type { Seen } from '../../src/capture/spot.ts';
import { ETHERTYPE } from '../../src/wire/headers.ts';
import { bytesOf, ethernet, FLAGS, icmp, ip, PROTOCOL, tcp, udp } from '../wire/frame.ts';

export const A = '10.88.0.2';
export const FAR = '198.51.100.1';
const there = { source: A, destination: FAR };
const back = { source: FAR, destination: A };
const there6 = { source: 'fd00:88::2', destination: '2001:db8::2' };

export const BEGAN = 1_764_340_000_000_000_000n;

/** An Ethernet frame as it was seen. */
export const seen = (bytes: Uint8Array, extra: Partial<Seen> = {}): Seen => ({
  spot: 0,
  at: BEGAN,
  direction: 'out',
  type: (bytes[12]! << 8) | bytes[13]!,
  bytes,
  header: 14,
  length: bytes.length,
  ...extra,
});

const v4 = (payload: Uint8Array): Uint8Array => ethernet(ETHERTYPE.ipv4, payload);
const v6 = (payload: Uint8Array): Uint8Array => ethernet(ETHERTYPE.ipv6, payload);
const data = Buffer.from('0123456789');

/** A SYN with the options that Linux sends. */
const syn = (() => {
  const options = bytesOf('020405b4 0402 080a 00000001 00000000 01 030307');
  const header = tcp(40_000, 80, FLAGS.syn, 0xfffffff0, 0);
  header[12] = (5 + options.length / 4) << 4;
  return Uint8Array.from([...header, ...options]);
})();
const withData = (flags: number): Uint8Array => Uint8Array.from([...tcp(40_000, 80, flags, 7, 9), ...data]);
const question = bytesOf('126b0100000100000000000007 6578616d706c65 03 636f6d 00 00010001');
const quotedUdp = ip(there, PROTOCOL.udp, udp(4000, 53, data));
const quoted6 = ip(there6, PROTOCOL.udp, udp(4000, 5353, data));
const solicited = bytesOf('fd000088000000000000000000000001');

export const FRAMES: Readonly<Record<string, Uint8Array>> = {
  syn: v4(ip(there, PROTOCOL.tcp, syn)),
  data: v4(ip(there, PROTOCOL.tcp, withData(FLAGS.ack | 8))),
  'an acknowledgement': v4(ip(back, PROTOCOL.tcp, tcp(80, 40_000, FLAGS.ack, 10, 17))),
  'a reset': v4(ip(back, PROTOCOL.tcp, tcp(80, 40_000, FLAGS.rst | FLAGS.ack, 10, 17))),
  'the end': v4(ip(back, PROTOCOL.tcp, tcp(80, 40_000, 1 | FLAGS.ack, 10, 17))),
  'a datagram': v4(ip(there, PROTOCOL.udp, udp(4000, 7777, data))),
  'a question': v4(ip(there, PROTOCOL.udp, udp(4000, 53, question))),
  'an echo': v4(ip(there, PROTOCOL.icmp, icmp(8, 0, 0x00050007, data))),
  'an echo’s answer': v4(ip(back, PROTOCOL.icmp, icmp(0, 0, 0x00050007, data))),
  'port unreachable': v4(ip(back, PROTOCOL.icmp, icmp(3, 3, 0, quotedUdp))),
  'host unreachable': v4(ip(back, PROTOCOL.icmp, icmp(3, 1, 0, quotedUdp))),
  'admin prohibited': v4(ip(back, PROTOCOL.icmp, icmp(3, 10, 0, quotedUdp))),
  'fragmentation needed': v4(ip(back, PROTOCOL.icmp, icmp(3, 4, 1400, quotedUdp))),
  'time exceeded': v4(ip(back, PROTOCOL.icmp, icmp(11, 0, 0, quotedUdp))),
  'who has': ethernet(
    ETHERTYPE.arp,
    bytesOf('0001 0800 06 04 0001 020000000001 0a580002 000000000000 0a580001'),
  ),
  'is at': ethernet(
    ETHERTYPE.arp,
    bytesOf('0001 0800 06 04 0002 020000000002 0a580001 020000000001 0a580002'),
  ),
  'a later fragment': v4(ip(there, PROTOCOL.udp, data, { fragment: 185 })),
  'an IPv6 segment': v6(ip(there6, PROTOCOL.tcp, tcp(40_000, 80, FLAGS.syn, 7))),
  'an IPv6 echo': v6(ip(there6, PROTOCOL.icmp6, icmp(128, 0, 0x00050007, data))),
  'IPv6 port unreachable': v6(ip(there6, PROTOCOL.icmp6, icmp(1, 4, 0, quoted6))),
  'packet too big': v6(ip(there6, PROTOCOL.icmp6, icmp(2, 0, 1280, quoted6))),
  solicitation: v6(ip(there6, PROTOCOL.icmp6, icmp(135, 0, 0, solicited))),
};
