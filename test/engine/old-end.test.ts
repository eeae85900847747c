// How long the end that an old entry leads to is waited for, when it says nothing.
import { expect, it } from 'vitest';
import { parseTracked } from '../../src/discover/parse/conntrack.ts';
import { askedThere } from '../../src/engine/old-end.ts';
import { realClock } from '../../src/host/clock.ts';
import type { Machine, ProbeSocket } from '../../src/host/machine.ts';
import { known } from '../../src/model/answer.ts';
import { healthy } from '../causes/scene.ts';
import { connection } from '../kernel/connection.ts';

const ENTRY = parseTracked(
  'udp 17 29 src=10.88.0.2 dst=198.51.100.1 sport=5060 dport=5060 src=198.51.100.60 dst=192.0.2.1 sport=5060 dport=5060',
)!;

/** What is told where so many milliseconds are left, or it is interrupted after so many, and how long that takes. */
async function asked(left: number, abortAfter?: number) {
  let opened = 0;
  let closed = 0;
  const socket: ProbeSocket = {
    ...{ localPort: 40_000, localAddress: '192.0.2.1' },
    ...{ send: () => null, write: () => null, only: () => {}, lost: () => 0, look: () => {} },
    close: () => {
      closed++;
    },
  };
  const machine = {
    ...realClock,
    random: (_: number, to: number) => to,
    packets: () => known({ look() {}, stop: async () => {} }, []),
    open: () => {
      opened++;
      return known(socket, []);
    },
  } as unknown as Machine;
  const stop = new AbortController();
  if (abortAfter !== undefined) setTimeout(() => stop.abort(), abortAfter);
  const lab = healthy();
  const scene = { ...lab, flow: { ...lab.flow, proto: 'udp', port: 5060, to: '198.51.100.1:5060' } };
  const one = {
    ...{ kind: 'sending', since: null, isElsewhere: false },
    socket: connection({ proto: 'udp', sourcePort: 5060, destinationPort: 5060 }),
  };
  const leisure = { left: () => left, signal: stop.signal };
  const began = realClock.now();
  const told = await askedThere(machine, scene as never, { one: one as never, entry: ENTRY }, leisure);
  return { told, opened, closed, past: Number(realClock.now() - began) / 1e6 };
}

it('waits no longer than time is left, asks nothing where that is too little, and ends when interrupted', async () => {
  const [short, none, interrupted] = await Promise.all([asked(650), asked(100), asked(5000, 50)]);
  expect(short).toMatchObject({ told: { sent: 0 }, opened: 1 });
  expect(short.past).toBeGreaterThanOrEqual(640);
  expect(short.past).toBeLessThan(950);
  expect(none).toMatchObject({ told: null, opened: 0 });
  expect(interrupted).toMatchObject({ told: null, opened: 1 });
  expect(interrupted.past).toBeLessThan(500);
  expect(interrupted.closed).toBeGreaterThan(0);
});
