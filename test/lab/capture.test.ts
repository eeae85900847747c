import { afterAll, beforeAll, expect, test } from 'vitest';
import { localMachine } from '../../src/host/local.ts';
import type { CaptureEvent } from '../../src/host/machine.ts';
import { Lab } from './lab.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.up();
});
afterAll(() => lab.down());

/** How many want frames that are not for this interface. */
async function promiscuity(device: string): Promise<number> {
  const { said } = await lab.step({ in: 'host', sh: `ip -j -d link show dev ${device}` });
  return JSON.parse(said)[0].promiscuity;
}

/** A promiscuous bridge hands every frame to its host too, which would route a copy of what the bridge carries. */
test('a capture leaves its interface as it was, and sees what crosses it', async () => {
  const machine = localMachine();
  const netns = machine.netns(lab.namespace('host'));
  if (!netns.known) throw new Error(netns.detail);
  const before = await promiscuity('br0');
  const events: CaptureEvent[] = [];
  const capture = machine.capture(
    [{ hop: 'host/br0', device: 'br0', netns: netns.value, filter: 'icmp' }],
    (event) => events.push(event),
  );
  await capture.ready;
  try {
    expect(await promiscuity('br0')).toBe(before);
    await lab.step({ in: 'A', sh: 'ping -n -c1 -W2 198.51.100.1' });
    await expect.poll(() => events.filter((event) => event.type === 'frame').length).toBe(2);
  } finally {
    await capture.stop();
  }
});
