import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lossPlaces } from '../lab/loss-places.ts';
import type { Summary } from '../lab/watched.ts';
import { KINDS } from './watch/changes.ts';
import { Kept } from './watch/kept.ts';
import { judged, PATTERNS, type Run } from './watch/losses.ts';
import { changeCells, changeTotals, grouped, lossCells, lossTotals, watchPage } from './watch/page.ts';

const [place] = lossPlaces.filter(({ name }) => name === 'request, bridge to uplink');
const [pattern] = PATTERNS.filter(({ name }) => name === '5 % at random');
const purpose = { place: place!, pattern: pattern! };
const healthy: Run = {
  ...{ probes: 600, taken: 0, right: 0, elsewhere: 0, holds: null, order: 'none', changes: 0 },
};
const found: Run = { ...healthy, taken: 30, right: 30, holds: true, order: 'random' };

const reason = (count: number, between: readonly (string | null)[], direction = 'request') => ({
  ...{ count, between, direction, drop: null, rule: null, says: null },
});
/** Of a watch, what is looked at. */
const summary = (reasons: readonly ReturnType<typeof reason>[], interval: readonly number[]): Summary =>
  ({
    settled: 600,
    loss: { pattern: 'random' },
    reasons,
    path: [{ id: 'host/up0', request: { interval } }],
    changes: { count: 0 },
  }) as unknown as Summary;

test('a run is judged by where its losses were told, and by the rate of that leg', () => {
  const there = ['host/br0', 'host/up0'];
  expect(judged(summary([reason(20, there), reason(10, there)], [0.03, 0.07]), 30, purpose)).toEqual(found);
  const astray = judged(summary([reason(28, there), reason(2, there, 'reply')], [0.06, 0.09]), 30, purpose);
  expect(astray).toMatchObject({ right: 28, elsewhere: 2, holds: false });
  expect(judged(summary([reason(1, there)], [0, 1]), 0, null)).toMatchObject({ elsewhere: 1, holds: null });
});

test('runs of one place and pattern stand together, in the order of the way, and healthy ones last', () => {
  const other = { place: lossPlaces[0]!, pattern: pattern! };
  const all = [null, purpose, other, purpose].map((one) => ({ purpose: one, run: one ? found : healthy }));
  expect(grouped(all).map((runs) => [runs[0]!.purpose?.place.name ?? null, runs.length])).toEqual([
    ['request, program to eth0', 1],
    ['request, bridge to uplink', 2],
    [null, 1],
  ]);
});

test('cells tell what was missed, and what was told elsewhere', () => {
  const missed = { ...found, right: 27, elsewhere: 1, holds: false };
  const runs = [found, missed].map((run) => ({ purpose, run }));
  expect(lossCells(runs)).toEqual([
    ...['5 % at random', 'request, bridge to uplink', '2', '1200', '60', '96.7 %', '95.0 %', '1', '1 of 2'],
    '2 × random',
  ]);
  expect(lossTotals(runs).join('\n')).toContain('57 of 60 told at the right hop, 1 elsewhere');
  const alarmed = [healthy, { ...healthy, changes: 1 }].map((run) => ({ purpose: null, run }));
  expect(lossTotals(alarmed).at(-1)).toBe(
    '- nothing lost: a false alarm in 1 of 2 runs, 0 losses and 1 changes told in 1200 probes',
  );
});

test('a change is measured in intervals by the longest time, and one that is never told counts', () => {
  expect(changeCells('MTU', 0.2, [10, 30, 250])).toEqual(['MTU', '0.2', '3', '30 ms', '250 ms', '1.25']);
  expect(changeCells('MTU', 0.2, [10, null])).toEqual(['MTU', '0.2', '1 of 2', '10 ms', '10 ms', '0.05']);
  expect(changeCells('MTU', 0.2, [null])).toContain('never told');
  const noticed = new Map([[0.2, new Map([[KINDS[0]!.name, [10, 250, null]]])]]);
  expect(changeTotals(noticed)).toEqual([
    '- every 0.2 s: 2 of 3 changes of 1 kinds told, 1 of them within one interval',
  ]);
  const page = watchPage([{ purpose, run: found }], noticed);
  expect(page).toContain('| 5 % at random | request, bridge to uplink | 1 |');
  expect(page).toContain(`| ${KINDS[0]!.name} | 0.2 | 2 of 3 |`);
});

test('what was found is there again', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kept-'));
  const file = join(folder, 'runs');
  const kept = new Kept<Run>(file);
  kept.keep('one', found);
  expect(new Kept<Run>(file).found).toEqual(new Map([['one', found]]));
  expect(new Kept<Run>(null).found.size).toBe(0);
  rmSync(folder, { recursive: true });
});
