import { describe, expect, test } from 'vitest';
import kind from '../../../src/probe/kinds/udp.ts';
import { bytesOf, ip, PROTOCOL, udp } from '../../wire/frame.ts';
import { back, ENDS, ends, noHost, packetOf, runOf, unreachable } from '../asked.ts';

describe.each([4, 6] as const)('IPv%i', (family) => {
  const run = runOf({ family, proto: 'udp', port: 9000 });
  const sent = (probe: number): Uint8Array => udp(40001 + probe, 9000, kind.payload(run, probe)!);
  const seen = (bytes: Uint8Array, way = ends(family)) => packetOf(way, PROTOCOL.udp, bytes);

  test('each probe has its own length, and is known on every hop', () => {
    for (const probe of [0, 1, 2]) {
      const packet = seen(sent(probe));
      expect(packet.length).toBe(run.lengths[probe]);
      expect(kind.recognise(run, packet)).toEqual({ kind: 'request', probe, says: null });
    }
  });

  test('through NAT it is known by its payload', () => {
    const leaving = { source: ENDS[family].host, destination: ENDS[family].destination };
    const rewritten = udp(61000, 9001, kind.payload(run, 1)!);
    expect(kind.recognise(run, seen(rewritten, leaving))).toMatchObject({ kind: 'request', probe: 1 });
  });

  test('an answer may hold anything: it is known by the port it comes to', () => {
    expect(kind.recognise(run, seen(udp(9000, 40002, bytesOf('ff')), back(family)))).toMatchObject({
      kind: 'reply',
      probe: 1,
    });
  });

  test('its answer comes to the port that a NAT gave it, once that was seen', () => {
    const nat = { ...run, rewritten: new Map([[61000, 1]]) };
    const answer = seen(udp(9000, 61000, bytesOf('ff')), back(family));
    expect(kind.recognise(run, answer)).toBeNull();
    expect(kind.recognise(nat, answer)).toMatchObject({ kind: 'reply', probe: 1 });
    const leaving = seen(udp(61000, 9000, kind.payload(run, 1)!));
    expect(kind.recognise(nat, leaving)).toMatchObject({ kind: 'request', probe: 1 });
  });

  test('an echo holds the token too, and is an answer', () => {
    const echo = udp(9000, 40001, kind.payload(run, 0)!);
    expect(kind.recognise(run, seen(echo, back(family)))).toMatchObject({ kind: 'reply', probe: 0 });
    const beforeNat = udp(9000, 61000, kind.payload(run, 0)!);
    expect(kind.recognise(run, seen(beforeNat, back(family)))).toMatchObject({ kind: 'reply', probe: 0 });
  });

  test('an ICMP error: a closed port refuses, all others are errors', () => {
    const about = ip(ends(family), PROTOCOL.udp, sent(2));
    expect(kind.recognise(run, unreachable(family, about))).toMatchObject({ kind: 'refusal', probe: 2 });
    expect(kind.recognise(run, noHost(family, about))).toMatchObject({ kind: 'error', probe: 2 });
    // Only the headers are quoted: the port is left to know it by.
    const headers = about.subarray(0, (family === 4 ? 20 : 40) + 8);
    expect(kind.recognise(run, noHost(family, headers))).toMatchObject({ kind: 'error', probe: 2 });
  });

  test('other datagrams are nothing', () => {
    expect(kind.recognise(run, seen(udp(50000, 9000, bytesOf('8badf0'))))).toBeNull();
    expect(kind.recognise(run, noHost(family, ip(ends(family), PROTOCOL.udp, udp(50000, 53))))).toBeNull();
  });
});

test('whatever the socket receives answers its own probe', () => {
  expect(kind.answers(runOf({ proto: 'udp', port: 9000 }), bytesOf('00'), 2)).toEqual({
    probe: 2,
    says: null,
  });
});
