import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeFrame, headerOf, icmpError, type Packet } from '../../src/wire/packet.ts';
import { bytesOf, ethernet, FLAGS, icmp, ip, PROTOCOL, tcp, udp } from './frame.ts';

// As tcpdump -xx printed them, of a ping, a ping with a TTL of 1, and a connect to a closed port.
const RECORDED = {
  request: `0200 0000 0088 0242 0a58 00a2 0800 4500 0024 0000 4000 4001 064b 0a58 0002 c633
            6401 0800 a246 49a8 0001 0001 0203 0405 0607`,
  expired: `0242 0a58 00a2 0200 0000 0088 0800 45c0 0040 b83a 0000 4001 ad10 0a58 0001 0a58
            0002 0b00 f4ff 0000 0000 4500 0024 60c7 4000 0101 e483 0a58 0002 c633 6401 0800
            a245 49a9 0001 0001 0203 0405 0607`,
  syn: `0200 0000 0088 0242 0a58 00a2 0800 4500 003c d051 4000 4006 35dc 0a58 0002 c633
        6401 ddd2 0051 030c 9092 0000 0000 a002 faf0 34bd 0000 0204 05b4 0402 080a 7ed1
        b033 0000 0000 0103 030a`,
  reset: `0242 0a58 00a2 0200 0000 0088 0800 4500 0028 0000 4000 3f06 0742 c633 6401 0a58
          0002 0051 ddd2 0000 0000 030c 9093 5014 0000 097f 0000`,
};

const recorded = (name: keyof typeof RECORDED): Packet => decodeFrame(bytesOf(RECORDED[name]), 'ETHERNET')!;

const four = { source: '10.0.0.2', destination: '198.51.100.1' };
const six = { source: 'fd00::2', destination: '2001:db8::1' };
const decode = (packet: Uint8Array): Packet => decodeFrame(packet, 'RAW')!;

describe('a frame from the wire', () => {
  test('an echo request: addresses, MACs, TTL, length, id and sequence', () => {
    expect(recorded('request')).toMatchObject({
      family: 4,
      source: '10.88.0.2',
      destination: '198.51.100.1',
      sourceMac: '02:42:0a:58:00:a2',
      destinationMac: '02:00:00:00:00:88',
      ttl: 64,
      length: 36,
      icmp: { type: 8, code: 0, id: 18856, sequence: 1, payload: bytesOf('0001020304050607') },
    });
  });

  test('an error quotes the packet it is about', () => {
    const packet = recorded('expired');
    expect(icmpError(packet)).toBe('time to live exceeded');
    expect(packet.source).toBe('10.88.0.1');
    expect(packet.quoted).toMatchObject({
      source: '10.88.0.2',
      destination: '198.51.100.1',
      ttl: 1,
      icmp: { id: 18857, payload: bytesOf('0001020304050607') },
    });
  });

  test('a SYN, and the RST that acknowledges it', () => {
    expect(recorded('syn').tcp).toEqual({
      sourcePort: 56786,
      destinationPort: 81,
      sequence: 51155090,
      acknowledgement: 0,
      syn: true,
      ack: false,
      rst: false,
      opening: { ecn: 0, options: { 2: '05b4', 3: '0a', 4: '', 8: '7ed1b03300000000' } },
      payload: 0,
    });
    expect(recorded('reset').tcp).toMatchObject({
      acknowledgement: 51155091,
      syn: false,
      ack: true,
      rst: true,
    });
    // Padding of a short frame is no part of the packet.
    expect(recorded('reset').length).toBe(40);
  });
});

test('what a header says beside its ends', () => {
  expect(headerOf(recorded('expired'))).toEqual({ ttl: 64, dscp: 48, ecn: 0, syn: null });
  expect(headerOf(recorded('syn'))?.syn?.options[2]).toBe('05b4');
  const packet = Uint8Array.from(ip(six, PROTOCOL.udp, udp(5000, 53, bytesOf('abcd'))));
  packet.set([0x6b, 0x9f], 0);
  expect(headerOf(decode(packet))).toMatchObject({ dscp: 46, ecn: 1 });
});

describe('link types', () => {
  const packet = ip(four, PROTOCOL.udp, udp(5000, 53, bytesOf('abcd')));

  test.each([
    ['RAW', packet],
    ['NULL', Uint8Array.from([0, 0, 0, 0, ...packet])],
    ['LINKTYPE_LINUX_SLL', Uint8Array.from([...new Uint8Array(16), ...packet])],
    ['ETHERNET', ethernet(0x0800, packet)],
  ])('%s', (link, frame) => {
    expect(decodeFrame(frame, link)).toMatchObject({
      ...four,
      udp: { sourcePort: 5000, destinationPort: 53, payload: bytesOf('abcd') },
    });
  });

  test('VLAN tags are passed over, also two', () => {
    const tagged = Uint8Array.from([0, 5, 0x81, 0, 0, 7, 8, 0, ...packet]);
    expect(decodeFrame(ethernet(0x88a8, tagged), 'ETHERNET')).toMatchObject(four);
  });

  test('what is no IP and no ARP is nothing, nor a link type that is not known', () => {
    expect(decodeFrame(ethernet(0x88cc, packet), 'ETHERNET')).toBeUndefined();
    expect(decodeFrame(packet, 'IEEE802_11')).toBeUndefined();
  });
});

describe('IP', () => {
  test('a later fragment has addresses and no transport header', () => {
    const later = decode(ip(four, PROTOCOL.udp, udp(5000, 53), { fragment: 185 }));
    expect(later).toMatchObject({ ...four, length: 28 });
    expect(later.udp).toBeUndefined();
  });

  test('the first fragment has both', () => {
    expect(decode(ip(four, PROTOCOL.udp, udp(5000, 53), { fragment: 0x2000 })).udp?.destinationPort).toBe(53);
  });

  test('version 6', () => {
    expect(decode(ip(six, PROTOCOL.tcp, tcp(4000, 80, FLAGS.syn, 7), { ttl: 9 }))).toMatchObject({
      family: 6,
      ...six,
      ttl: 9,
      length: 60,
      tcp: { sequence: 7, syn: true },
    });
  });

  test('a quoted TCP header of eight bytes still tells ports and sequence number', () => {
    const begun = ip(four, PROTOCOL.tcp, tcp(4000, 80, FLAGS.syn, 0xfedcba98)).subarray(0, 28);
    const error = decode(
      ip({ source: '10.0.0.1', destination: '10.0.0.2' }, PROTOCOL.icmp, icmp(3, 1, 0, begun)),
    );
    expect(error.quoted?.tcp).toMatchObject({ sourcePort: 4000, destinationPort: 80, sequence: 0xfedcba98 });
  });
});

describe('neighbours', () => {
  const arp = (operation: number): Uint8Array =>
    ethernet(0x0806, bytesOf(`0001 0800 0604 000${operation} 02000000aa01 0a000001 000000000000 0a000002`));

  test('ARP: who asks for whom', () => {
    expect(decodeFrame(arp(1), 'ETHERNET')?.neighbour).toEqual({
      asks: true,
      address: '10.0.0.2',
      mac: null,
      by: '10.0.0.1',
    });
  });

  test('ARP: who answers with which MAC address', () => {
    expect(decodeFrame(arp(2), 'ETHERNET')?.neighbour).toEqual({
      asks: false,
      address: '10.0.0.1',
      mac: '02:00:00:00:aa:01',
      by: '10.0.0.2',
    });
  });

  test.each([
    [135, 1, { asks: true, address: 'fd00::9', mac: null }],
    [136, 2, { asks: false, address: 'fd00::9', mac: '02:00:00:00:aa:01' }],
  ])('neighbour discovery, type %i', (type, option, expected) => {
    const target = bytesOf('fd000000000000000000000000000009');
    const body = Uint8Array.from([...target, option, 1, 2, 0, 0, 0, 0xaa, 1]);
    expect(decode(ip(six, PROTOCOL.icmp6, icmp(type, 0, 0, body))).neighbour).toMatchObject(expected);
  });
});

describe('ICMP errors in words', () => {
  const about = { 4: ip(four, PROTOCOL.udp, udp(5000, 53)), 6: ip(six, PROTOCOL.udp, udp(5000, 53)) };
  const said = (family: 4 | 6, type: number, code: number, rest = 0): string | undefined => {
    const [ends, protocol] = family === 4 ? [four, PROTOCOL.icmp] : [six, PROTOCOL.icmp6];
    return icmpError(decode(ip(ends, protocol, icmp(type, code, rest, about[family]))));
  };

  test.each([
    [4, 3, 0, 0, 'network unreachable'],
    [4, 3, 1, 0, 'host unreachable'],
    [4, 3, 3, 0, 'port unreachable'],
    [4, 3, 4, 1400, 'fragmentation needed, MTU 1400'],
    [4, 3, 13, 0, 'administratively prohibited'],
    [4, 3, 99, 0, 'unreachable, code 99'],
    [4, 11, 0, 0, 'time to live exceeded'],
    [6, 1, 0, 0, 'no route to destination'],
    [6, 1, 1, 0, 'administratively prohibited'],
    [6, 1, 4, 0, 'port unreachable'],
    [6, 2, 0, 1280, 'packet too big, MTU 1280'],
    [6, 3, 0, 0, 'hop limit exceeded'],
  ] as const)('IPv%i type %i code %i (%i): %s', (family, type, code, rest, words) => {
    expect(said(family, type, code, rest)).toBe(words);
  });

  test('a redirect, an echo and other packets are none', () => {
    expect(said(4, 5, 1)).toBeUndefined();
    expect(icmpError(recorded('request'))).toBeUndefined();
    expect(icmpError(recorded('syn'))).toBeUndefined();
  });
});

test('no frame is too strange: what is cut short or nonsense throws nothing', () => {
  const whole = Object.values(RECORDED).map(bytesOf);
  const frame = fc.oneof(
    fc.uint8Array({ maxLength: 120 }),
    fc
      .tuple(fc.constantFrom(...whole), fc.nat(80), fc.nat(80), fc.nat(255))
      .map(([bytes, end, at, value]) =>
        bytes.slice(0, end).map((byte, index) => (index === at ? value : byte)),
      ),
  );
  const link = fc.constantFrom('ETHERNET', 'RAW', 'NULL', 'LINKTYPE_LINUX_SLL');
  fc.assert(
    fc.property(frame, link, (bytes, type) => {
      const packet = decodeFrame(bytes, type);
      if (packet !== undefined) icmpError(packet);
    }),
    { numRuns: 2000 },
  );
});
