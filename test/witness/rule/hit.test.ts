// Rules met through NAT: the packet is known by what a NAT leaves as it is, or by the port it was seen leaving with.
import { describe, expect, test } from 'vitest';
import { belongs } from '../../../src/witness/rule/hit.ts';
import { matches } from '../../../src/witness/rule/table.ts';
import { runOf } from '../../probe/asked.ts';

const SYN = 2;
const SYN_ACK = 18;
const RST_ACK = 20;

function tcp(
  source: number,
  destination: number,
  flags: number,
  sequence: number,
  acknowledged = 0,
): Uint8Array {
  const bytes = Buffer.alloc(20);
  bytes.writeUInt16BE(source, 0);
  bytes.writeUInt16BE(destination, 2);
  bytes.writeUInt32BE(sequence, 4);
  bytes.writeUInt32BE(acknowledged, 8);
  bytes[13] = flags;
  return bytes;
}

const udp = (source: number, destination: number): Uint8Array =>
  tcp(source, destination, 0, 0).subarray(0, 8);

describe('TCP', () => {
  const run = runOf({ proto: 'tcp', port: 80 });
  run.sequences.set(1, 0xffffffff);

  test.each([
    ['the answer to a port that NAT chose', tcp(80, 1030, SYN_ACK, 7, 0), { probe: 1, direction: 'reply' }],
    ['the refusal of it', tcp(80, 1030, RST_ACK, 0, 0), { probe: 1, direction: 'reply' }],
    ['the request behind NAT', tcp(1030, 80, SYN, 0xffffffff), { probe: 1, direction: 'request' }],
    ['a request whose number is not known yet', tcp(40003, 80, SYN, 5), { probe: 2, direction: 'request' }],
  ])('%s', (_, header, expected) => {
    expect(belongs(run, header)).toEqual(expected);
  });

  test('somebody else’s handshake with the same service is nobody’s', () => {
    expect(belongs(run, tcp(80, 1031, SYN_ACK, 7, 99))).toBeUndefined();
    expect(belongs(run, tcp(1031, 80, SYN, 98))).toBeUndefined();
  });
});

test('a datagram’s answer is known by the port that the request was seen leaving with', () => {
  const run = runOf({ proto: 'udp', port: 9000 }, { rewritten: new Map([[20001, 2]]) });
  expect(belongs(run, udp(9000, 20001))).toEqual({ probe: 2, direction: 'reply' });
  expect(belongs(run, udp(20001, 9000))).toEqual({ probe: 2, direction: 'request' });
  expect(belongs(run, udp(9000, 20002))).toBeUndefined();
});

test('the trace takes what the service answers, to whatever port', () => {
  const told = matches(runOf({ proto: 'tcp', port: 8080 }, { realDestination: '10.0.0.9', realPort: 80 }));
  expect(told.at(-1)).toBe(
    'ip saddr { 198.51.100.1, 10.0.0.9 } meta l4proto tcp @th,0,16 { 8080, 80 } tcp flags & (syn | rst) != 0',
  );
  const six = matches(runOf({ proto: 'udp', port: 53, family: 6 }));
  expect(six.at(-1)).toMatch(/^ip6 saddr \{ 2001:db8::1 \} meta l4proto udp/);
});

test.each([
  ['no port is known', [null, null, null]],
  ['one port is not known', [40002, null, 40004]],
])('the trace takes all that asks the destination where %s beforehand', (_, ports) => {
  const run = runOf({ proto: 'tcp', port: 8080 }, { realDestination: '10.0.0.9', ports });
  expect(matches(run)).toEqual([
    'meta l4proto tcp ip daddr { 198.51.100.1, 10.0.0.9 } @th,16,16 8080',
    'meta l4proto tcp ip saddr { 198.51.100.1, 10.0.0.9 }',
  ]);
});
