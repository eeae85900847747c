// What servers say to the questions of each protocol, byte for byte as RFCs and real servers have it.
import { describe, expect, it } from 'vitest';
import { protocolOf } from '../../../src/probe/datagrams.ts';
import { drawLengths, type ProbeRun } from '../../../src/probe/kind.ts';
import kind from '../../../src/probe/kinds/udp.ts';
import { PROTOCOL, udp } from '../../wire/frame.ts';
import { back, packetOf, runOf } from '../asked.ts';

function asking(port: number): { run: ProbeRun; question: Buffer; told: (bytes: Uint8Array) => unknown } {
  const run = runOf({ proto: 'udp', port });
  const asked = { ...run, lengths: drawLengths(kind, run.flow, 3, (min) => min) };
  const question = Buffer.from(kind.payload(asked, 1)!);
  return { run: asked, question, told: (bytes) => protocolOf(asked.flow)!.told(asked, bytes) };
}

describe('NTP, RFC 5905', () => {
  const { question, told } = asking(123);
  const answer = (first: number, stratum: number, reference = ''): Buffer => {
    const bytes = Buffer.alloc(48);
    bytes[0] = first;
    bytes[1] = stratum;
    bytes.write(reference, 12, 'latin1');
    question.copy(bytes, 24, 40, 48);
    return bytes;
  };

  it('is asked by a client of version 4 that tells nothing of its own clock', () => {
    expect(question[0]).toBe(0x23);
    expect(question.subarray(1, 40).every((byte) => byte === 0)).toBe(true);
  });

  it('has the time, refuses it, or lacks it', () => {
    expect(told(answer(0x24, 2))).toEqual({ probe: 1, says: 'NTP, stratum 2' });
    expect(told(answer(0xe4, 0, 'RATE'))).toMatchObject({ amiss: 'it refuses to tell the time (RATE)' });
    expect(told(answer(0xe4, 16))).toMatchObject({ probe: 1, says: 'NTP, not synchronised' });
    expect(told(answer(0xe4, 3))).toMatchObject({ says: 'NTP, not synchronised' });
  });

  it('is no answer without the time of our question', () => {
    expect(told(answer(0x24, 2).fill(0, 24, 32))).toBeNull();
    expect(told(answer(0x23, 2))).toBeNull();
  });
});

describe('QUIC, RFC 9000 and RFC 8999', () => {
  const { run, question, told } = asking(443);
  const negotiation = (versions: string): Buffer =>
    Buffer.concat([
      Buffer.from([0xca, 0, 0, 0, 0, 8]),
      question.subarray(15, 23),
      Buffer.from([8]),
      question.subarray(6, 14),
      Buffer.from(versions, 'hex'),
    ]);

  it('is asked by an Initial of 1200 bytes, of a version that is kept back', () => {
    expect(kind.payload(run, 0)!.length).toBe(1200);
    expect(question[0]! & 0xf0).toBe(0xc0);
    expect(question.readUInt32BE(1) & 0x0f0f0f0f).toBe(0x0a0a0a0a);
  });

  it('tells the versions, without those that are kept back', () => {
    expect(told(negotiation('00000001 6b3343cf ff00001d 1a2a3a4a'.replaceAll(' ', '')))).toEqual({
      probe: 1,
      says: 'QUIC, it has QUIC 1, QUIC 2, 0xff00001d',
    });
    expect(told(negotiation('aaaaaaaa'))).toMatchObject({ amiss: 'it names no version of QUIC' });
    expect(told(negotiation('00000001').fill(0, 6, 10))).toBeNull();
  });

  it('is known by its ids behind a NAT that took the port, too', () => {
    const packet = packetOf(back(4), PROTOCOL.udp, udp(443, 61_000, negotiation('00000001')));
    expect(kind.recognise(run, packet)).toMatchObject({ kind: 'reply', probe: 1 });
  });
});

describe('SNMP, RFC 3414', () => {
  const { question, told } = asking(161);
  const number = question.subarray(9, 13).toString('hex');

  it('asks for an engine, names no user and no community', () => {
    expect(question.toString('hex').replaceAll(number, '#')).toBe(
      '303e02010330110204#020300ffe30401040201030410300e0400020100020100040004000400301404000400a00e0204#0201000201003000',
    );
  });

  it('knows the report of a net-snmp 5.9.3 that has a community of its own alone', () => {
    const report = `307102010330110204${number}020300ffe30401000201030421301f041180001f8880f0d74e08a6e70a6b000000000201010201040400040004003036041180001f8880f0d74e08a6e70a6b000000000400a81f0204${number}0201000201003011300f060a2b060106030f010104004101 01`;
    const bytes = Buffer.from(report.replaceAll(' ', ''), 'hex');
    expect(told(bytes)).toEqual({ probe: 1, says: 'SNMP, an agent of version 3' });
    for (let size = 0; size < 60; size++) expect(told(bytes.subarray(0, size))).toBeNull();
  });

  it('takes no report of another question', () => {
    const other = runOf({ proto: 'udp', port: 161 }, { token: 0x7eadbeef });
    expect(protocolOf(other.flow)?.told(other, question)).toBeNull();
  });
});

describe('STUN, RFC 8489', () => {
  const { question, told } = asking(3478);
  const success = (attribute: string): Buffer =>
    Buffer.concat([
      Buffer.from([1, 1, 0, attribute.length / 2]),
      question.subarray(4, 20),
      Buffer.from(attribute, 'hex'),
    ]);

  it('tells the address that is seen: 192.0.2.1, port 32853, as RFC 5769 2.2 has it', () => {
    expect(told(success('002000080001a147e112a643'))).toEqual({
      probe: 1,
      says: 'STUN, it sees 192.0.2.1:32853',
    });
  });

  it('reads past what it does not know, and no further than it goes', () => {
    expect(told(success('802200047465737400200008 0001a147e112a643'.replaceAll(' ', '')))).toMatchObject({
      says: 'STUN, it sees 192.0.2.1:32853',
    });
    expect(told(success('0020000800'))).toMatchObject({ says: 'STUN' });
    const refused = success('');
    refused.writeUInt16BE(0x0111, 0);
    expect(told(refused)).toMatchObject({ amiss: 'it refuses a binding request' });
  });
});

describe('DNS, RFC 1035', () => {
  const { run, question, told } = asking(53);
  const answer = (rcode: number): Buffer => {
    const bytes = Buffer.from(question.subarray(0, question.length));
    bytes[2] = 0x81;
    bytes[3] = 0x80 | rcode;
    return bytes;
  };

  it('is the question of --proto dns', () => {
    expect(question.includes('example')).toBe(true);
    expect(protocolOf(run.flow)?.asked(run, question)).toBe(1);
  });

  it('an answer is one, an error code is said', () => {
    expect(told(answer(0))).toEqual({ probe: 1, says: 'NOERROR' });
    expect(told(answer(3))).toEqual({ probe: 1, says: 'NXDOMAIN' });
    expect(told(answer(5))).toEqual({ probe: 1, says: 'REFUSED', amiss: 'it answers REFUSED' });
  });
});

it('what is silent by design is silent to each of its own questions', () => {
  for (const port of [51_820, 4789, 514]) {
    const { run, question } = asking(port);
    expect(protocolOf(run.flow)?.silent).toMatch(/ answers? /);
    expect(protocolOf(run.flow)?.told(run, question)).toBeNull();
  }
  // No VXLAN receiver may take it into a network: the flag of a valid number is not set.
  expect(asking(4789).question[0]! & 0x08).toBe(0);
  expect(asking(514).question.toString('latin1')).toMatch(
    /^<15>1 - - netdoctor - - - probe [0-9a-f]+-1 \.*$/,
  );
  expect(asking(51_820).question.length).toBe(148);
});
