import { expect, test } from 'vitest';
import { RunLog } from '../../../src/engine/run/log.ts';
import type { Sender } from '../../../src/engine/run/sending.ts';
import { checkSize } from '../../../src/engine/run/size.ts';
import { realClock } from '../../../src/host/clock.ts';
import type { Machine } from '../../../src/host/machine.ts';
import { healthy } from '../../causes/scene.ts';
import { sighting } from '../../examples/sighting.ts';

/** The small one is answered at once; of a big one it is told later on which hops it was seen. */
async function checked(big: { after: number; hops: readonly string[]; answered: boolean }) {
  const machine = realClock as Machine;
  const log = new RunLog(machine, () => {});
  log.captured.add('container/eth0');
  const outcome = { microseconds: 200, errno: null, says: null } as const;
  const sender = {
    run: { first: 0 },
    resize() {},
    look() {},
    sendOne(probe: number, onSent: (probe: number, at: bigint) => void) {
      onSent(probe, process.hrtime.bigint());
      if (probe > 0)
        return void setTimeout(() => {
          for (const hop of big.hops) log.see(sighting(hop, 'request', { probe }));
          if (big.answered) log.hear({ probe, result: 'answered', ...outcome });
        }, big.after);
      log.hear({ probe, result: 'answered', ...outcome });
    },
  } as unknown as Sender;
  return checkSize(
    { sender, size: 1500 },
    {
      segment: null,
      path: healthy('outside').path,
      log,
      onSent: (probe, at) => log.noteSent(probe, at),
      deadline: 3000,
      held: 0,
      signal: new AbortController().signal,
    },
  );
}
const eth0 = ['container/eth0'];

test('a full-size packet that was seen on its way and no further has vanished', async () => {
  expect(await checked({ after: 5, hops: eth0, answered: false })).toMatchObject({ vanished: true });
});

test('one of which a busy machine tells late has not', async () => {
  expect(await checked({ after: 400, hops: eth0, answered: true })).toMatchObject({
    tested: true,
    vanished: false,
  });
});

test('one that was seen nowhere, although a capture runs where it begins, tells nothing', async () => {
  expect(await checked({ after: 0, hops: [], answered: false })).toMatchObject({
    tested: false,
    vanished: false,
  });
});
