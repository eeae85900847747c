import { describe, expect, test } from 'vitest';
import type { ProbeRun } from '../../../src/probe/kind.ts';
import kind from '../../../src/probe/kinds/tcp.ts';
import { FLAGS, ip, PROTOCOL, tcp } from '../../wire/frame.ts';
import { back, ENDS, ends, noHost, packetOf, runOf, unreachable } from '../asked.ts';

const SEQUENCE = 0xfffffffe;

describe.each([4, 6] as const)('IPv%i', (family) => {
  const run = (about: Partial<ProbeRun> = {}): ProbeRun => runOf({ family, proto: 'tcp', port: 80 }, about);
  const syn = (port: number, sequence: number): Uint8Array => tcp(port, 80, FLAGS.syn, sequence);
  const seen = (bytes: Uint8Array, way = ends(family)) => packetOf(way, PROTOCOL.tcp, bytes);
  /** A run whose first probe has been seen on its first hop. */
  const begun = (): ProbeRun => {
    const one = run();
    kind.recognise(one, seen(syn(40001, SEQUENCE)));
    return one;
  };

  test('its SYN is known by its port, and its number is learned from it', () => {
    const one = run();
    expect(kind.recognise(one, seen(syn(40002, 7)))).toEqual({ kind: 'request', probe: 1, says: null });
    expect(one.sequences).toEqual(new Map([[1, 7]]));
  });

  test('through NAT it is known by its number, whatever its ports and addresses', () => {
    const leaving = { source: ENDS[family].host, destination: ENDS[family].destination };
    const rewritten = seen(tcp(61000, 80, FLAGS.syn, SEQUENCE), leaving);
    expect(kind.recognise(run(), rewritten)).toBeNull();
    expect(kind.recognise(begun(), rewritten)).toMatchObject({ kind: 'request', probe: 0 });
  });

  test('a second number of the same port is somebody else’s', () => {
    expect(kind.recognise(begun(), seen(syn(40001, 9)))).toBeNull();
  });

  test('a SYN to another address is learned only where a DNAT leads there', () => {
    const elsewhere = { source: ENDS[family].source, destination: ENDS[family].router };
    expect(kind.recognise(run(), seen(syn(40001, 7), elsewhere))).toBeNull();
    const led = run({ realDestination: ENDS[family].router });
    expect(kind.recognise(led, seen(syn(40001, 7), elsewhere))).toMatchObject({ kind: 'request', probe: 0 });
  });

  test('SYN and ACK answer, RST refuses; the number wraps', () => {
    const next = (SEQUENCE + 1) >>> 0;
    expect(
      kind.recognise(begun(), seen(tcp(80, 40001, FLAGS.syn | FLAGS.ack, 1, next), back(family))),
    ).toEqual({
      kind: 'reply',
      probe: 0,
      says: null,
    });
    expect(
      kind.recognise(begun(), seen(tcp(80, 40001, FLAGS.rst | FLAGS.ack, 0, next), back(family))),
    ).toEqual({
      kind: 'refusal',
      probe: 0,
      says: 'connection refused (RST)',
    });
    const wrapped = run();
    kind.recognise(wrapped, seen(syn(40001, 0xffffffff)));
    const answer = seen(tcp(80, 40001, FLAGS.syn | FLAGS.ack, 1, 0), back(family));
    expect(kind.recognise(wrapped, answer)).toMatchObject({ kind: 'reply', probe: 0 });
  });

  test('what follows the handshake, and answers to others, are nothing', () => {
    const next = (SEQUENCE + 1) >>> 0;
    expect(kind.recognise(begun(), seen(tcp(40001, 80, FLAGS.ack, next, 2)))).toBeNull();
    expect(
      kind.recognise(begun(), seen(tcp(80, 40001, FLAGS.syn | FLAGS.ack, 1, 99), back(family))),
    ).toBeNull();
  });

  test('an ICMP error: a closed port refuses, all others are errors', () => {
    const about = ip(ends(family), PROTOCOL.tcp, syn(40001, SEQUENCE));
    expect(kind.recognise(begun(), unreachable(family, about))).toMatchObject({ kind: 'refusal', probe: 0 });
    expect(kind.recognise(begun(), noHost(family, about))).toMatchObject({ kind: 'error', probe: 0 });
    expect(kind.recognise(run(), noHost(family, about))).toBeNull();
  });

  test('nothing is sent but the connection itself', () => {
    expect(kind.payload(run(), 0)).toBeUndefined();
    expect(kind.answers(run(), new Uint8Array([1]), 0)).toBeNull();
  });
});

test('the kernel lets through the ports of the probes and both destinations', () => {
  const filter = kind.filter(runOf({ proto: 'tcp', port: 80 }, { realDestination: '10.0.0.9' }));
  for (const part of ['port 40001', 'port 40003', 'host 198.51.100.1', 'host 10.0.0.9'])
    expect(filter).toContain(part);
});
