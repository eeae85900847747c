import { describe, expect, it } from 'vitest';
import { askOthers, everyAddress, silentOnes } from '../../src/engine/every-address.ts';
import { realClock } from '../../src/host/clock.ts';
import type { Machine, SocketEvent } from '../../src/host/machine.ts';
import { known } from '../../src/model/answer.ts';
import type { Diagnosis } from '../../src/model/diagnosis.ts';
import type { Flow } from '../../src/model/flow.ts';
import type { LookUp } from '../../src/model/look-up.ts';
import { hostStack } from '../causes/lab-state.ts';

const towards = (address: string): Flow => ({
  from: 'container',
  to: 'pool.example:80',
  address,
  proto: 'tcp',
  port: 80,
  family: 4,
});

/** Handshakes that stand, but for these destinations, which are silent. */
const machineWithout = (...silent: string[]): Machine =>
  ({
    random: (from: number) => from,
    ...realClock,
    open(spec: { destination: string }, tell: (event: SocketEvent) => void) {
      const send = () => {
        if (!silent.includes(spec.destination))
          setTimeout(() => tell({ type: 'connected', at: 0n, microseconds: 90, segment: 1500 }), 1);
        return null;
      };
      return known({ localPort: 40_000, localAddress: null, send, close() {}, look() {}, lost: () => 0 }, []);
    },
  }) as never;

const ask = (flows: Flow[], silent: string[], rotates = false) =>
  askOthers(machineWithout(...silent), flows, {
    netns: null,
    wait: 30,
    host: hostStack(),
    story: Promise.resolve({ rotates } as LookUp),
  });

const far = (n: number): Flow[] => Array.from({ length: n }, (_, index) => towards(`203.0.113.${index + 1}`));

describe('addresses of a name', () => {
  it('are looked at closely where they give no answer, also those elsewhere in a fixed order', async () => {
    const others = await ask(far(3), ['203.0.113.3']);
    expect(others.failing.map(({ address }) => address)).toEqual(['203.0.113.3']);
    expect(others.answered).toHaveLength(1);
    expect(silentOnes(others)).toEqual([]);
  });

  it('that are more than can be looked at decide nothing elsewhere, where programs take the first', async () => {
    const silent = far(8)
      .slice(1)
      .map(({ address }) => address);
    const others = await ask(far(8), silent);
    expect(others.failing).toEqual([]);
    expect(silentOnes(others)[0]?.what).toContain('7 of 8 addresses');
    expect((await ask(far(8), silent, true)).failing).toHaveLength(3);
  });

  it('have each a verdict of its own', async () => {
    const flows = far(3);
    const others = await ask(flows, ['203.0.113.3']);
    const dead = { flow: flows[2], status: 'fault', cause: 'no-reply-from-destination' };
    const first = { flow: flows[0], status: 'healthy', cause: null };
    expect(everyAddress(flows, [first, dead] as Diagnosis[], others)?.map(({ status }) => status)).toEqual([
      'healthy',
      'healthy',
      'fault',
    ]);
  });
});
