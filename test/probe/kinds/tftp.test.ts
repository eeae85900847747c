// RFC 1350: a read request is answered from a fresh port; RFC 2347: it fits 512 bytes.
import { expect, test } from 'vitest';
import kind from '../../../src/probe/kinds/udp.ts';
import { ip, PROTOCOL, udp } from '../../wire/frame.ts';
import { back, ends, packetOf, runOf, unreachable } from '../asked.ts';

const run = runOf({ proto: 'udp', port: 69 });
const request = (probe: number): Uint8Array => kind.payload(run, probe)!;
const seen = (bytes: Uint8Array, way = ends(4)) => kind.recognise(run, packetOf(way, PROTOCOL.udp, bytes));

test('is a request to read a file that nobody has, of the probe’s own length', () => {
  for (const probe of [0, 1, 2]) {
    const bytes = Buffer.from(request(probe));
    expect(bytes.length + 28).toBe(run.lengths[probe]);
    expect(bytes.readUInt16BE(0)).toBe(1);
    expect(bytes.subarray(2).toString('latin1').split('\0')).toEqual([
      expect.stringMatching(new RegExp(`^netdoctor-8badf00d-${probe}-+$`)),
      'octet',
      '',
    ]);
  }
  expect(kind.lengths(run.flow)?.most).toBe(540);
});

test('is known by its name behind a NAT, and its answer by the port it comes to', () => {
  const leaving = { source: '192.0.2.1', destination: '198.51.100.1' };
  expect(seen(udp(61000, 69, request(1)), leaving)).toMatchObject({ kind: 'request', probe: 1 });
  expect(seen(udp(33333, 40002), back(4))).toMatchObject({ kind: 'reply', probe: 1 });
});

test('an error about the answer is none about the question', () => {
  const echoed = ip(back(4), PROTOCOL.udp, udp(33333, 40002, request(1)));
  expect(kind.recognise(run, unreachable(4, echoed))).toBeNull();
  const asked = ip(ends(4), PROTOCOL.udp, udp(40002, 69, request(1)));
  expect(kind.recognise(run, unreachable(4, asked))).toMatchObject({ kind: 'refusal', probe: 1 });
});

test('its answers may come from any port; those of other protocols from the one asked', () => {
  expect(kind.fromAnyPort?.(run.flow)).toBe(true);
  expect(kind.fromAnyPort?.({ ...run.flow, port: 70 })).toBe(false);
});
