import { describe, expect, it } from 'vitest';
import { RunLog } from '../../../src/engine/run/log.ts';
import { sentAgain } from '../../../src/engine/run/sent-again.ts';
import type { Drop } from '../../../src/model/evidence.ts';
import type { ProbeOutcome, Sighting } from '../../../src/model/sighting.ts';
import { healthy } from '../../causes/scene.ts';

const { path } = healthy('outside');
const seen = (hop: string, at: number, kind: 'request' | 'reply' = 'request', probe = 0): Sighting =>
  ({ hop, at, kind, probe }) as Sighting;
const drop = (at: number, about: Partial<Drop> = {}): Drop => ({
  reason: 'QDISC_DROP',
  function: '__dev_queue_xmit',
  device: 'br0',
  hop: 'host/br0',
  direction: 'request',
  probe: 0,
  at,
  ...about,
});
const outcomes: ProbeOutcome[] = [
  { probe: 0, result: 'answered', microseconds: 200, errno: null, says: null },
];
const before = [seen('container/eth0', 10), seen('host/vetha', 14), seen('host/br0', 15)];
/** What came of it when it was sent again after a second. */
const after = [seen('host/up0', 1_000_030), seen('host/up0', 1_000_090, 'reply')];
const asked = (sightings: Sighting[], drops: Drop[]) =>
  sentAgain({ path, outcomes, sightings, drops }).map(({ probe }) => probe);

describe('an answer to what was sent again', () => {
  it('is none to the first packet, which the kernel threw away', () => {
    expect(asked([...before, ...after], [drop(31)])).toEqual([0]);
  });

  it.each([
    ['no drop told', [...before, ...after], []],
    [
      'the drop of a flooded copy',
      [...before, seen('host/up0', 30), seen('host/up0', 300_000, 'reply')],
      [drop(31)],
    ],
    [
      'a drop behind the answer',
      [...before, seen('host/up0', 30), seen('host/up0', 60, 'reply')],
      [drop(90)],
    ],
    ['a drop beside the path', [...before, ...after], [drop(31, { hop: null })]],
    ['a drop of the answer', [...before, ...after], [drop(31, { direction: 'reply' })]],
    ['a mere consequence', [...before, ...after], [drop(31, { reason: 'NEIGH_FAILED' })]],
    ['nobody who saw what came later', before, [drop(31)]],
  ] satisfies [string, Sighting[], Drop[]][])('is not told by %s', (_, sightings, drops) => {
    expect(asked(sightings, drops)).toEqual([]);
  });

  it('leaves of that probe what came before, and takes it for lost', () => {
    const log = new RunLog({ now: () => 1n, after: () => () => undefined } as never, () => undefined);
    log.hear(outcomes[0]!);
    log.sightings.push(...before, ...after, seen('host/up0', 1_000_031, 'request', 1));
    log.takeBack(0, 190_031);
    expect(log.outcomes.get(0)?.result).toBe('silent');
    expect(log.sightings).toEqual([...before, seen('host/up0', 1_000_031, 'request', 1)]);
  });
});
