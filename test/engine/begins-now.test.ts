// How long what the target's own programs try is watched, when what was asked for is well.
import { expect, it } from 'vitest';
import { beginNow, timeToAsk } from '../../src/engine/begins-now.ts';
import { realClock } from '../../src/host/clock.ts';
import { known } from '../../src/model/answer.ts';
import { fakeMachine } from '../discover/fake-machine.ts';

const NETNS = { inode: 7, path: '/run/netns/a' };
const SNMP = 'Tcp: ActiveOpens\nTcp: 1\n';

/** Milliseconds that the later look takes, of a namespace whose program asks now and then. */
async function taken(most: number, abortAfter?: number): Promise<number> {
  const machine = {
    ...fakeMachine({ files: { '/proc/net/snmp': SNMP }, links: { [NETNS.path]: [] } }),
    packets: () => known({ look() {}, stop: async () => {} }, []),
  };
  const now = beginNow(
    machine as never,
    { from: 'container' } as never,
    { netns: NETNS, hostNetwork: false } as never,
    () => false,
  );
  const stop = new AbortController();
  if (abortAfter !== undefined) setTimeout(() => stop.abort(), abortAfter);
  const began = realClock.now();
  await now.later({ links: [] } as never, [], most, stop.signal);
  const past = Number(realClock.now() - began) / 1e6;
  await now.stop();
  return past;
}

it('watches for a second, for less where less is left, and no longer than until it is interrupted', async () => {
  const [whole, less, none, interrupted] = await Promise.all([
    taken(5000),
    taken(200),
    taken(-1),
    taken(5000, 100),
  ]);
  expect(whole).toBeGreaterThanOrEqual(990);
  expect(less).toBeGreaterThanOrEqual(190);
  expect(less).toBeLessThan(900);
  expect(none).toBeLessThan(150);
  expect(interrupted).toBeLessThan(900);
});

it('keeps time for one probe whose answer is waited for', () => {
  expect(timeToAsk({ wait: 1 } as never)).toBeGreaterThan(1000);
});
