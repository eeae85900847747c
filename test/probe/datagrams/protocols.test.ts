// What every protocol of UDP must keep to, and what the run knows of its questions through NAT.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { datagramProtocols, protocolOf } from '../../../src/probe/datagrams.ts';
import { drawLengths, hasOwnLength, headers, type ProbeRun } from '../../../src/probe/kind.ts';
import kind from '../../../src/probe/kinds/udp.ts';
import { PROTOCOL, udp } from '../../wire/frame.ts';
import { back, ENDS, ends, packetOf, runOf } from '../asked.ts';

const high = (_min: number, max: number): number => max;

function asking(port: number, family: 4 | 6, change: Partial<ProbeRun> = {}): ProbeRun {
  const run = runOf({ proto: 'udp', port, family }, change);
  return { ...run, lengths: drawLengths(kind, run.flow, 3, high) };
}

it('has a file for each, and no port twice', () => {
  const files = readdirSync(join(import.meta.dirname, '../../../src/probe/datagrams'));
  expect(datagramProtocols.length).toBe(files.length);
  const ports = datagramProtocols.flatMap((one) => one.ports);
  expect(new Set(ports).size).toBe(ports.length);
  expect(protocolOf({ proto: 'tcp', port: 123 })).toBeUndefined();
  expect(protocolOf({ proto: 'udp', port: 123 })?.name).toBe('NTP');
});

const cases = datagramProtocols.flatMap((one) =>
  ([4, 6] as const).map((family) => ({ one, family, port: one.ports[0]! })),
);

describe.each(cases)('$one.name over IPv$family', ({ one, family, port }) => {
  const run = asking(port, family);
  const questions = [0, 1, 2].map((probe) => kind.payload(run, probe)!);

  it('is as long as the witnesses are told, within what its servers read', () => {
    const { least, most } = one.lengths(run.flow);
    for (const [probe, bytes] of questions.entries()) {
      const length = bytes.length + headers(run.flow);
      expect(length).toBe(run.lengths[probe]);
      expect(length).toBeGreaterThanOrEqual(least);
      expect(length).toBeLessThanOrEqual(most);
    }
    const shortest = { ...run, lengths: drawLengths(kind, run.flow, 3, (min) => min) };
    expect(kind.payload(shortest, 0)!.length + headers(run.flow)).toBe(shortest.lengths[0]);
    expect(new Set(run.lengths).size).toBe(hasOwnLength(kind, run.flow) ? 3 : 1);
  });

  it('is another datagram for each probe and each run', () => {
    const other = asking(port, family, { token: 0x7eadbeef });
    const all = [...questions, kind.payload(other, 0)!].map((bytes) => Buffer.from(bytes).toString('hex'));
    expect(new Set(all).size).toBe(4);
    for (const bytes of questions) expect(one.asked(other, bytes)).toBeNull();
  });

  it('has its mark where the filter looks, and is known by it behind a NAT', () => {
    const { at, size, value } = one.mark(run);
    expect(Buffer.from(questions[0]!).readUIntBE(at, size)).toBe(value);
    const filter = kind.filter(run);
    expect(filter).toContain(`[${(family === 4 ? 8 : 48) + at}:${size}] = 0x${value.toString(16)}`);
    const leaving = { source: ENDS[family].host, destination: ENDS[family].destination };
    for (const [probe, bytes] of questions.entries()) {
      const packet = packetOf(leaving, PROTOCOL.udp, udp(61_000, port + 1, bytes));
      expect(kind.recognise(run, packet)).toEqual({ kind: 'request', probe, says: null });
    }
  });

  it('takes no question, and nothing cut short, for an answer', () => {
    for (const bytes of questions) expect(one.told(run, bytes)).toBeNull();
    for (let size = 0; size < 12; size++) {
      expect(one.told(run, questions[0]!.subarray(0, size))).toBeNull();
      expect(one.asked(run, questions[0]!.subarray(0, size))).toBeNull();
    }
  });

  it('whatever comes to its socket is an answer of somebody; what is none of the protocol is said to be none', () => {
    const babble = Buffer.from('what?\n');
    expect(kind.answers(run, babble, 1)).toEqual({
      probe: 1,
      says: null,
      amiss: `what came back is no answer of ${one.name}`,
    });
    const seen = packetOf(back(family), PROTOCOL.udp, udp(port, 40_002, babble));
    expect(kind.recognise(run, seen)).toMatchObject({ kind: 'reply', probe: 1 });
    expect(packetOf(ends(family), PROTOCOL.udp, udp(40_001, port, questions[0]!)).length).toBe(
      run.lengths[0],
    );
  });
});
