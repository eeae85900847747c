import { describe, expect, test } from 'vitest';
import { openSender } from '../../src/engine/run/sending.ts';
import { realClock } from '../../src/host/clock.ts';
import type { Machine, ProbeSocket } from '../../src/host/machine.ts';
import { known } from '../../src/model/answer.ts';
import type { Flow, Proto } from '../../src/model/flow.ts';
import { probeKindOf } from '../../src/probe/kinds.ts';

/** The lengths of a run whose chance is always the greatest it may be, and the bytes that its sockets were given. */
async function sent(proto: Proto) {
  const bytes: number[] = [];
  const socket: ProbeSocket = {
    localPort: 40_000,
    localAddress: '10.88.0.2',
    send: (payload) => {
      bytes.push(payload?.length ?? 0);
      return null;
    },
    write: () => null,
    only: () => {},
    lost: () => 0,
    look: () => {},
    close: () => {},
  };
  const machine = {
    random: (_: number, to: number) => to,
    open: () => known(socket, []),
    ...realClock,
    now: () => 0n,
  } as Partial<Machine> as Machine;
  const flow: Flow = {
    from: 'container',
    to: '10.88.0.1',
    address: '10.88.0.1',
    proto,
    port: proto === 'icmp' ? null : 53,
    family: 4,
    question: 'web.example',
  };
  const plan = { flow, kind: probeKindOf(proto), count: 3, first: 0, netns: null, onOutcome: () => {} };
  const sender = openSender(machine, plan);
  if (!sender.known) throw new Error(sender.detail);
  await sender.value.send(() => {});
  return { bytes, lengths: sender.value.run.lengths };
}

describe('a probe', () => {
  test('to a name server is no longer than the 512 bytes that every server reads', async () => {
    const { bytes, lengths } = await sent('dns');
    expect(Math.max(...bytes)).toBeLessThanOrEqual(512);
    expect(bytes.map((length) => length + 28)).toEqual(lengths);
  });

  test('by ICMP may be longer, and each has a length of its own', async () => {
    const { lengths } = await sent('icmp');
    expect(new Set(lengths).size).toBe(3);
    expect(Math.min(...lengths)).toBeGreaterThan(600);
  });
});
