import { expect, test } from 'vitest';
import { loadOf, passagesSoFar } from '../../src/engine/run/traffic.ts';
import type { Machine } from '../../src/host/machine.ts';
import { known, notKnown } from '../../src/model/answer.ts';

/** proc(5), as the kernel writes it: bytes, packets and six more of each direction. */
const counters = (rows: readonly (readonly [name: string, received: number, sent: number])[]): string =>
  [
    'Inter-|   Receive                                                |  Transmit',
    ' face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed',
    ...rows.map(
      ([name, received, sent]) =>
        `${name.padStart(6)}: ${received * 100} ${received}    0    0    0     0          0         0  ${sent * 80}   ${sent}    0    0    0     0       0          0`,
    ),
    '',
  ].join('\n');

function machine(answers: readonly (string | null)[], milliseconds: number): Machine {
  let asked = 0;
  const read = (file: string) => {
    const text = answers[Math.min(asked++, answers.length - 1)];
    return text == null ? notKnown('unreadable', 'no such file', [file]) : known(text, [file]);
  };
  return { read, now: () => BigInt(asked * milliseconds) * 1_000_000n } as unknown as Machine;
}

test('what all interfaces received and sent is counted together', () => {
  const text = counters([
    ['lo', 5, 5],
    ['eth0', 100, 40],
    ['veth1234567', 7, 3],
  ]);
  expect(passagesSoFar(machine([text], 0))).toBe(160);
});

test('much is what costs, armed, more than three hundredths of a processor', () => {
  const at = (passages: number) => counters([['eth0', passages, 0]]);
  const isBusy = loadOf(machine([at(0), at(10_000), at(30_000), at(31_000)], 500));
  expect([isBusy(), isBusy(), isBusy()]).toEqual([false, true, false]);
});

test('what nobody tells is not much', () => {
  const isBusy = loadOf(machine([null, counters([['eth0', 1e9, 1e9]]), null], 500));
  expect([isBusy(), isBusy()]).toEqual([false, false]);
});
