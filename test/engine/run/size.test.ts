import { expect, test } from 'vitest';
import { RunLog } from '../../../src/engine/run/log.ts';
import type { Sender } from '../../../src/engine/run/sending.ts';
import { checkSize } from '../../../src/engine/run/size.ts';
import { realClock } from '../../../src/host/clock.ts';
import type { Machine } from '../../../src/host/machine.ts';
import { healthy } from '../../causes/scene.ts';
import { sighting } from '../../examples/sighting.ts';

const eth0 = ['container/eth0'];

/** The small one is answered at once; of a big one it is told later on which hops it was seen. */
async function checked(
  big: { after: number; hops: readonly string[]; answered: boolean },
  captured: readonly string[] = eth0,
  mtu = 1500,
  { held = 0, overtaken = false } = {},
) {
  const machine = realClock as Machine;
  const log = new RunLog(machine, () => {});
  for (const hop of captured) log.captured.add(hop);
  const { path } = healthy('outside');
  const hops = path.hops.map((hop) =>
    hop.id === 'host/vetha' ? { ...hop, link: { ...hop.link, mtu } } : hop,
  );
  const outcome = { microseconds: 200, errno: null, says: null } as const;
  const sender = {
    run: { first: 0 },
    resize() {},
    look() {},
    sendOne(probe: number, onSent: (probe: number, at: bigint) => void) {
      onSent(probe, process.hrtime.bigint());
      if (overtaken && probe === 3) {
        for (const hop of captured) log.see(sighting(hop, 'request', { probe }));
        log.hear({ probe, result: 'answered', ...outcome });
      } else if (probe > 0)
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
      path: { ...path, hops },
      log,
      onSent: (probe, at) => log.noteSent(probe, at),
      deadline: 3000,
      held,
      gone: () => false,
      signal: new AbortController().signal,
    },
  );
}
test('a full-size packet that was seen on its way and no further has vanished', async () => {
  expect(await checked({ after: 5, hops: eth0, answered: false })).toMatchObject({ vanished: true });
});

test('on the wire of a veth pair whose other end is watched nothing vanishes, but what that end is too narrow for', async () => {
  const half = { after: 5, hops: eth0, answered: false };
  const both = ['container/eth0', 'host/vetha'];
  expect(await checked(half, both)).toMatchObject({ tested: false, vanished: false });
  expect(await checked(half, both, 1400)).toMatchObject({ tested: true, vanished: true });
});

test('one of which a busy machine tells late has not', async () => {
  expect(await checked({ after: 400, hops: eth0, answered: true })).toMatchObject({
    tested: true,
    vanished: false,
  });
});

test('one that was answered has passed, though no capture has told of it yet', async () => {
  expect(await checked({ after: 0, hops: [], answered: true })).toMatchObject({
    answered: true,
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

test('what a queue holds back is not lost, and what a later one overtakes is', async () => {
  const lost = { after: 5, hops: [], answered: false };
  const held = { held: 200, overtaken: false };
  expect(await checked(lost, eth0, 1500, held)).toMatchObject({ tested: false, vanished: false });
  expect(await checked(lost, eth0, 1500, { ...held, overtaken: true })).toMatchObject({ vanished: true });
});

test('on the wire whose other end shows a later one, and not this one, it has vanished', async () => {
  const half = { after: 5, hops: eth0, answered: false };
  const both = ['container/eth0', 'host/vetha'];
  expect(await checked(half, both, 1500, { overtaken: true })).toMatchObject({ vanished: true });
});
