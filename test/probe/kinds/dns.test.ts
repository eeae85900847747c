import { describe, expect, test } from 'vitest';
import kind from '../../../src/probe/kinds/dns.ts';
import { readAnswer } from '../../../src/wire/dns-message.ts';
import { bytesOf, ip, PROTOCOL, udp } from '../../wire/frame.ts';
import { back, ends, noHost, packetOf, runOf, TOKEN, unreachable } from '../asked.ts';

// An answer about example.com with both families, its names compressed; and a SERVFAIL.
const ANSWER = `1234 8180 0001 0002 0000 0000 07 6578616d706c65 03 636f6d 00 0001 0001
  c00c 0001 0001 0000012c 0004 5db8d822
  c00c 001c 0001 0000012c 0010 26062800021f cb07 6820 80da af6b 8b2c`;
const SERVFAIL = '1234 8182 0001 0000 0000 0000 07 6578616d706c65 03 636f6d 00 0001 0001';

describe('an answer', () => {
  test('is read: id, code, addresses of both families', () => {
    expect(readAnswer(bytesOf(ANSWER))).toMatchObject({
      id: 0x1234,
      rcode: 0,
      truncated: false,
      addresses: ['93.184.216.34', '2606:2800:21f:cb07:6820:80da:af6b:8b2c'],
    });
  });

  test('may be an error code, may be truncated, and may be cut short', () => {
    expect(readAnswer(bytesOf(SERVFAIL))).toMatchObject({ rcode: 2, addresses: [] });
    const truncated = bytesOf(ANSWER);
    truncated[2]! |= 2;
    expect(readAnswer(truncated)).toMatchObject({ truncated: true });
    expect(readAnswer(bytesOf(ANSWER).subarray(0, 50))).toMatchObject({ addresses: ['93.184.216.34'] });
    expect(readAnswer(bytesOf(ANSWER).subarray(0, 40))).toMatchObject({ id: 0x1234, addresses: [] });
  });

  test('a question is none, nor is what is too short to be a message', () => {
    expect(readAnswer(kind.payload(runOf({ proto: 'dns', port: 53 }), 0)!)).toBeUndefined();
    expect(readAnswer(bytesOf('1234 8180'))).toBeUndefined();
  });
});

describe.each([4, 6] as const)('a probe over IPv%i', (family) => {
  const run = runOf({ family, proto: 'dns', port: 53, question: 'db.example.org' });
  const sent = (probe: number): Uint8Array => udp(40001 + probe, 53, kind.payload(run, probe)!);
  /** The answer to a probe: its id, and the rest of a message. */
  const answered = (probe: number, message = ANSWER): Uint8Array => {
    const bytes = bytesOf(message);
    bytes.set(kind.payload(run, probe)!.subarray(0, 2), 0);
    return bytes;
  };

  test('asks recursively for the name, of its own length', () => {
    const bytes = Buffer.from(kind.payload(run, 0)!);
    expect(bytes.readUInt16BE(2)).toBe(0x0100);
    expect(bytes.readUInt16BE(4)).toBe(1);
    expect(bytes.subarray(12, 28)).toEqual(Buffer.from('\u0002db\u0007example\u0003org\u0000', 'latin1'));
    expect(bytes.readUInt16BE(28)).toBe(family === 6 ? 28 : 1);
    for (const probe of [0, 1, 2])
      expect(packetOf(ends(family), PROTOCOL.udp, sent(probe)).length).toBe(run.lengths[probe]);
  });

  test('is known by its id, on the way and back', () => {
    expect(kind.recognise(run, packetOf(ends(family), PROTOCOL.udp, sent(2)))).toMatchObject({
      kind: 'request',
      probe: 2,
    });
    const reply = packetOf(back(family), PROTOCOL.udp, udp(53, 61000, answered(1)));
    expect(kind.recognise(run, reply)).toMatchObject({ kind: 'reply', probe: 1 });
    const other = bytesOf(ANSWER);
    other.set([(TOKEN + 9) >> 8, (TOKEN + 9) & 255], 0);
    expect(kind.recognise(run, packetOf(back(family), PROTOCOL.udp, udp(53, 61000, other)))).toBeNull();
  });

  test('an error code is an answer, and says which', () => {
    expect(kind.answers(run, answered(1), 1)).toEqual({ probe: 1, says: 'NOERROR' });
    expect(kind.answers(run, answered(0, SERVFAIL), 0)).toEqual({ probe: 0, says: 'SERVFAIL' });
    expect(kind.answers(run, answered(1), 0)).toBeNull();
    expect(kind.answers(run, bytesOf('00'), 0)).toBeNull();
  });

  test('nobody listens: the port refuses; the host is not there: an error', () => {
    const about = ip(ends(family), PROTOCOL.udp, sent(0));
    expect(kind.recognise(run, unreachable(family, about))).toMatchObject({ kind: 'refusal', probe: 0 });
    expect(kind.recognise(run, noHost(family, about))).toMatchObject({ kind: 'error', probe: 0 });
  });
});

test('without a question example.com is asked for', () => {
  const bytes = Buffer.from(kind.payload(runOf({ proto: 'dns', port: 53 }), 0)!);
  expect(bytes.subarray(12, 25).toString('latin1')).toBe('\u0007example\u0003com\u0000');
});

test('put plainly, it has no OPT record, and the length that its name leaves it', () => {
  const run = runOf({ proto: 'dns', port: 53, question: 'db.example.org', plain: true });
  const payload = Buffer.from(kind.payload(run, 0)!);
  expect(payload.readUInt16BE(10)).toBe(0);
  const own = 28 + payload.length;
  expect(kind.lengths(run.flow)).toEqual({ least: own, most: own });
});
