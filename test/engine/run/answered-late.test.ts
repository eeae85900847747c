import { describe, expect, it } from 'vitest';
import { answeredLate, together } from '../../../src/engine/run/answered-late.ts';
import type { Passage, ProbeOutcome, Sighting } from '../../../src/model/sighting.ts';
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
  answeredLate({ path: at, outcomes, sightings, passages: [] }).map(({ probe }) => probe);
/** Its SYN as it left by the uplink, so often. Microseconds. */
const left = (probe: number, ...times: number[]): Passage[] =>
  times.map((at) => ({ hop: 'host/up0', at, kind: 'request', heading: 'out', probe }) as Passage);

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

  it('counts the SYNs that had left before the one that was answered, however far apart they were', () => {
    const both = [outcome(0, 300), outcome(1, 300)];
    const of = (passages: Passage[], later = 3_000_700) =>
      together(
        answeredLate({ path, outcomes: both, sightings: [...seen(0, later), ...seen(1, later)], passages }),
      );
    const twice = [40, 1_000_100, 3_000_200];
    expect(of([...left(0, ...twice), ...left(1, ...twice)])).toEqual({
      connections: 2,
      lost: { least: 2, most: 2 },
      after: { least: 3000.4, most: 3000.4 },
    });
    const thrice = [40, 1_000_100, 2_000_100, 3_000_200];
    expect(of([...left(0, ...twice), ...left(1, ...thrice)])?.lost).toEqual({ least: 2, most: 3 });
    // Where nobody could look at each packet, only the first repetition is known by its time.
    expect(of([])?.lost).toBeNull();
    expect(of([], 1_000_700)?.lost).toEqual({ least: 1, most: 1 });
    expect(together([])).toBeNull();
  });
});
