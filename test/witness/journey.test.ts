import { expect, test } from 'vitest';
import type { Machine } from '../../src/host/machine.ts';
import { known } from '../../src/model/answer.ts';
import type { Path } from '../../src/model/path.ts';
import type { Instance } from '../../src/witness/journey/instance.ts';
import { armJourney } from '../../src/witness/journey.ts';
import { hopsOf } from './paths.ts';

function armed() {
  let hear: (line: string) => void = () => {};
  let quiet = 0;
  const instance: Instance = {
    naming: 'told',
    listen(_, onLine) {
      hear = onLine;
      return known(undefined, []);
    },
    withoutDrops: () => void quiet++,
    stop: async () => {},
  };
  const witness = armJourney({ pid: 7 } as Machine, instance, {
    path: { hops: hopsOf('outside') } as unknown as Path,
    family: 4,
    probes: [{ probe: 0, length: 332, own: true }],
    onChange: () => {},
  });
  if (!witness.known) throw new Error(witness.detail);
  return { witness: witness.value, say: (line: string) => hear(line), quieted: () => quiet };
}

const drop = (number: number): string =>
  `  stranger-99  [000] ..s.  1.${String(number).padStart(6, '0')}: kfree_skb: skbaddr=${number.toString(16)} rx_sk=0 protocol=2048 location=udp_queue_rcv_one_skb+0x1/0x2 reason: NO_SOCKET`;

test('a host that drops too much is given up, once, and said so', () => {
  const { witness, say, quieted } = armed();
  for (let number = 0; number < 5000; number++) say(drop(number));
  expect([witness.gap, quieted()]).toEqual([null, 0]);
  for (let number = 0; number < 50_000; number++) say(drop(number));
  expect([witness.gap, quieted()]).toEqual(['this host drops too much to tell the probe’s drops apart', 1]);
  expect(witness.read([], new Set())).toMatchObject({ drops: [], steps: [] });
});

test('what the kernel lost is counted and said', () => {
  const { witness, say } = armed();
  say('CPU:1 [LOST 17 EVENTS]');
  say('CPU:0 [LOST 3 EVENTS]');
  expect(witness.gap).toBe('20 events of the kernel’s trace came faster than they could be read');
});

test('packets of the probe’s length are followed so far and no further', () => {
  const { witness, say } = armed();
  for (let number = 0; number < 20_000; number++)
    say(
      `  a-9  [000] ..s.  1.${String(number).padStart(6, '0')}: net_dev_queue: dev=eth0 skbaddr=${number.toString(16)} len=346`,
    );
  expect(witness.gap).toBe('too many packets of the probe’s length to follow them all');
  const began = performance.now();
  witness.read([], new Set());
  expect(performance.now() - began).toBeLessThan(2000);
});
