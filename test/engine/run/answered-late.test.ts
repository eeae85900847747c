import { describe, expect, it } from 'vitest';
import { answeredLate } from '../../../src/engine/run/answered-late.ts';
import type { ProbeOutcome, Sighting } from '../../../src/model/sighting.ts';
import { healthy } from '../../causes/scene.ts';

const { path } = healthy('outside');
const outcome = (probe: number, microseconds: number | null): ProbeOutcome => ({
  probe,
  result: 'answered',
  microseconds,
  errno: null,
  says: null,
});
const silent = (probe: number): ProbeOutcome => ({ ...outcome(probe, null), result: 'silent' });
/** The SYN of a probe on the uplink, and its answer so much later. Microseconds. */
const seen = (probe: number, later: number): Sighting[] =>
  [
    { hop: 'host/up0', at: 40 + probe, kind: 'request', probe },
    { hop: 'host/up0', at: 40 + probe + later, kind: 'reply', probe },
  ] as Sighting[];
const late = (outcomes: ProbeOutcome[], sightings: Sighting[], at = path) =>
  answeredLate({ path: at, outcomes, sightings }).map(({ probe }) => probe);

describe('an answer a second after the SYN', () => {
  it('is one to the SYN that was sent again where the kernel knows of a short round trip', () => {
    expect(late([outcome(0, 300), outcome(1, 900)], [...seen(0, 1_020_000), ...seen(1, 1_020_300)])).toEqual([
      0, 1,
    ]);
  });

  it.each([
    ['the far end is that far away', [outcome(0, 1_019_000)], seen(0, 1_020_000)],
    ['the kernel cannot say how long it took', [outcome(0, 0)], seen(0, 1_020_000)],
    ['it was on the uplink at once, and was heard late', [outcome(0, 400)], seen(0, 700)],
    [
      'another was answered at once',
      [outcome(0, 300), outcome(1, 300)],
      [...seen(0, 1_020_000), ...seen(1, 310)],
    ],
    ['nobody saw it on the uplink', [outcome(0, 300)], []],
    ['none was heard, and so none timed', [silent(0)], seen(0, 1_020_000)],
  ] satisfies [string, ProbeOutcome[], Sighting[]][])('is none where %s', (_, outcomes, sightings) => {
    expect(late(outcomes, sightings)).toEqual([]);
  });

  it.each([
    ['was seen beside one that was heard', 1_030_000, [0, 1]],
    ['is no later than a far end so far away would be', 800_000, [0]],
  ])('is one to the second SYN too where nobody has heard of it, and it %s', (_, later, probes) => {
    expect(late([outcome(0, 300), silent(1)], [...seen(0, 1_020_000), ...seen(1, later)])).toEqual(probes);
  });

  it('leaves one alone to which nothing came', () => {
    const asked = { hop: 'host/up0', at: 41, kind: 'request', probe: 1 } as Sighting;
    expect(late([outcome(0, 300), silent(1)], [...seen(0, 1_020_000), asked])).toEqual([0]);
  });

  it('says nothing of a far end on this host, whose own account says more', () => {
    const inside = { ...path, stages: [...path.stages.slice(0, -1), 'deliver' as const] };
    expect(late([outcome(0, 300)], seen(0, 1_020_000), inside)).toEqual([]);
  });
});
