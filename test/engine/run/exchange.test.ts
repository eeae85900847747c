// Data over a connection, by a socket that hears of its end before the captures have told anything.
import { expect, it } from 'vitest';
import { beginExchange, prepareExchange, type Surroundings } from '../../../src/engine/run/exchange.ts';
import { RunLog } from '../../../src/engine/run/log.ts';
import type { Machine, SocketEvent } from '../../../src/host/machine.ts';
import { known, notKnown } from '../../../src/model/answer.ts';
import type { Sighting } from '../../../src/model/sighting.ts';
import { healthy } from '../../causes/scene.ts';

const { flow, path } = healthy('network');
const asked = { ...flow, proto: 'tcp' as const, port: 80 };
const data = {
  hop: path.hops[0]!.id,
  probe: 3,
  kind: 'request',
  at: 100,
  source: '10.88.0.2',
  destination: '198.51.100.1',
  says: null,
  ttl: 64,
} as Sighting;

/** What the witnesses had told when it ended; `hears`: what the socket is told at once. */
async function spoken(hears: SocketEvent) {
  let settled = 0;
  const machine = {
    now: () => 1_000_000n,
    after: () => () => {},
    sockets: () => notKnown('no-permission', 'no', []),
  } as unknown as Machine;
  const log = new RunLog(machine, () => {});
  log.origin = 1n;
  log.hear({ probe: 0, result: 'answered', microseconds: 90, errno: null, says: null });
  const run: { first: number; conversation?: unknown } = { first: 0 };
  const around = {
    machine,
    sender: {
      run,
      owns: () => true,
      look: () => {},
      speak: (_probe: number, _bytes: Uint8Array, hear: (event: SocketEvent) => void) => {
        hear(hears);
        return null;
      },
    },
    log,
    netns: null,
    deadline: 1000,
    held: 0,
    signal: new AbortController().signal,
    onSent: () => {},
    ended: () => false,
    settle: async () => {
      settled++;
      log.see(data);
    },
  } as unknown as Surroundings;
  const plan = await prepareExchange(asked, undefined, 3);
  const exchange = await beginExchange(plan!, around)!.end();
  return { exchange, settled, sightings: log.sightings };
}

it('is placed by what the captures tell of it, where its socket heard of the reset before them', async () => {
  const { exchange, sightings } = await spoken({ type: 'error', errno: 'ECONNRESET', at: 2n });
  expect(exchange.result).toBe('reset');
  expect(sightings).toEqual([data]);
});

it('waits for no capture where it was answered', async () => {
  const bytes = Buffer.from('HTTP/1.0 200 OK\r\n\r\n');
  const { exchange, settled } = await spoken({ type: 'data', bytes, from: '198.51.100.1', at: 2n });
  expect(exchange.result).toBe('answered');
  expect(settled).toBe(0);
});

/** A far end that acknowledges at once, and answers after so many milliseconds; they pass as they are waited for. */
async function answeredAfter(milliseconds: number, wait: number) {
  let now = 1n;
  let tell: (event: SocketEvent) => void = () => {};
  let isTold = false;
  const machine = {
    now: () => now,
    after: (pause: number, then: () => void) => {
      queueMicrotask(() => {
        now += BigInt(Math.round(pause * 1e6));
        if (!isTold && now >= BigInt(milliseconds) * 1_000_000n) {
          isTold = true;
          tell({
            type: 'data',
            bytes: Buffer.from('HTTP/1.0 200 OK\r\n\r\n'),
            from: '198.51.100.1',
            at: now,
          });
        }
        then();
      });
      return () => {};
    },
    sockets: () => known([], []),
  } as unknown as Machine;
  const log = new RunLog(machine, () => {});
  log.origin = 1n;
  log.hear({ probe: 0, result: 'answered', microseconds: 90, errno: null, says: null });
  const around = {
    machine,
    sender: {
      run: { first: 0, ports: [40_000], flow },
      owns: () => true,
      look: () => {},
      speak: (_probe: number, _bytes: Uint8Array, hear: (event: SocketEvent) => void) => {
        tell = hear;
        return null;
      },
    },
    log,
    netns: null,
    deadline: 10_000,
    wait,
    held: 0,
    signal: new AbortController().signal,
    onSent: () => {},
    ended: () => false,
    settle: async () => {},
  } as unknown as Surroundings;
  const plan = await prepareExchange(asked, undefined, 3);
  const { result, waited } = await beginExchange(plan!, around)!.end();
  return { result, waited };
}

it('waits for an answer as long as it is told to where what it said was acknowledged', async () => {
  expect(await answeredAfter(600, 1000)).toMatchObject({ result: 'answered' });
  expect((await answeredAfter(600, 300)).result).toBe('quiet');
  expect((await answeredAfter(9000, 1000)).waited).toBeGreaterThanOrEqual(1000);
  expect((await answeredAfter(9000, 50)).waited).toBeLessThan(200);
});
