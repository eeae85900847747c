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
  ] satisfies [string, ProbeOutcome[], Sighting[]][])('is none where %s', (_, outcomes, sightings) => {
    expect(late(outcomes, sightings)).toEqual([]);
  });

  it('says nothing of a far end on this host, whose own account says more', () => {
    const inside = { ...path, stages: [...path.stages.slice(0, -1), 'deliver' as const] };
    expect(late([outcome(0, 300)], seen(0, 1_020_000), inside)).toEqual([]);
  });
});
