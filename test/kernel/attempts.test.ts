import { describe, expect, it } from 'vitest';
import { heard, isMute, wordOf } from '../../src/kernel/attempts.ts';
import type { Packet } from '../../src/wire/packet.ts';

const packet = (about: Partial<Packet>): Packet => ({
  family: 4,
  source: '10.88.0.2',
  destination: '198.51.100.1',
  sourceMac: null,
  destinationMac: null,
  ttl: 64,
  length: 60,
  ...about,
});
const back = (about: Partial<Packet>): Packet =>
  packet({ source: '198.51.100.1', destination: '10.88.0.2', ...about });
const tcp = (about: Partial<NonNullable<Packet['tcp']>>): NonNullable<Packet['tcp']> => ({
  ...{ sourcePort: 40_000, destinationPort: 443, sequence: 7, acknowledgement: 0 },
  ...{ syn: false, ack: false, rst: false, payload: 0, ...about },
});
const udp = (sourcePort: number, destinationPort: number): Partial<Packet> => ({
  udp: { sourcePort, destinationPort, payload: new Uint8Array() },
});
const echo = (type: number): Partial<Packet> => ({
  icmp: { type, code: 0, id: 5, sequence: 1, mtu: 0, payload: new Uint8Array() },
});
const FAR = { sourcePort: 443, destinationPort: 40_000 };

it.each([
  ['a SYN', packet({ tcp: tcp({ syn: true }) }), 'out', 'asked tcp 443'],
  ['its answer', back({ tcp: tcp({ ...FAR, syn: true, ack: true }) }), 'in', 'answered tcp 443'],
  ['its refusal', back({ tcp: tcp({ ...FAR, rst: true, ack: true, sequence: 0 }) }), 'in', 'refused tcp 443'],
  ['a question to a name server', packet(udp(40_000, 53)), 'out', 'asked dns 53'],
  ['what a name server says', back(udp(53, 40_000)), 'in', 'answered dns 53'],
  ['a datagram to a service', packet(udp(5060, 5060)), 'out', 'asked udp 5060'],
  ['a ping', packet(echo(8)), 'out', 'asked icmp null'],
  ['a ping of IPv6', packet(echo(128)), 'out', 'asked icmp null'],
  ['what a ping gets', back(echo(0)), 'in', 'answered icmp null'],
] as const)('%s', (_, one, direction, expected) => {
  const word = wordOf(one, direction);
  expect(word && `${word.is} ${word.proto} ${word.port}`).toBe(expected);
  expect(word?.address).toBe('198.51.100.1');
});

describe('no word of an attempt', () => {
  it.each([
    ['somebody else’s SYN', back({ tcp: tcp({ syn: true }) }), 'in'],
    ['the answer to it', packet({ tcp: tcp({ syn: true, ack: true }) }), 'out'],
    ['the reset of what stood', back({ tcp: tcp({ ...FAR, rst: true, ack: true }) }), 'in'],
    ['an answer to who asked by UDP', packet(udp(53, 40_000)), 'out'],
    ['somebody else’s ping', back(echo(8)), 'in'],
    ['the answer to that', packet(echo(0)), 'out'],
    ['what stays on the loopback', packet({ destination: '127.0.0.1', tcp: tcp({ syn: true }) }), 'out'],
    ['what is for many', packet({ destination: '224.0.0.251', ...udp(5353, 5353) }), 'out'],
  ] as const)('%s', (_, one, direction) => expect(wordOf(one, direction)).toBeUndefined());
});

it('is mute that was asked, and has neither answered nor refused', () => {
  const asked = wordOf(packet({ tcp: tcp({ syn: true }) }), 'out')!;
  const one = heard(heard(undefined, asked, 5n), asked, 9n);
  expect(one).toMatchObject({ asked: 2, since: 5n });
  expect(isMute(one)).toBe(true);
  expect(isMute(heard(one, { ...asked, is: 'answered' }, 9n))).toBe(false);
  expect(isMute(heard(one, { ...asked, is: 'refused' }, 9n))).toBe(false);
  expect(isMute(heard(undefined, { ...asked, is: 'answered' }, 9n))).toBe(false);
});
