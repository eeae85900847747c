import { expect, it } from 'vitest';
import type { Examined } from '../lab/recipe-exam.ts';
import { merged, recipesTable, rowOf, rowsIn } from '../lab/recipe-table.ts';

const none = { works: [], idempotent: [], undone: [], interrupted: [], script: [] };
const examined = (part: Partial<Examined>): Examined => ({
  name: 'bridge-nat',
  kind: 'docker',
  impossible: null,
  faults: none,
  interruptions: 13,
  seconds: 1,
  ...part,
});

it('says yes, no, or why not', () => {
  expect(rowOf(examined({}))).toEqual(['bridge-nat', 'Docker', 'yes', 'yes', 'yes', 'yes, 13×', 'yes']);
  expect(rowOf(examined({ faults: { ...none, undone: ['+ link'] } }))[4]).toBe('NO');
  expect(rowOf(examined({ impossible: 'Make eth0: This kernel has no ipvlan.' })).slice(2, 4)).toEqual([
    'This kernel has no ipvlan.',
    '-',
  ]);
});

it('counts what was good, and how often it was left', () => {
  const rows = [examined({}), examined({ kind: 'both', faults: { ...none, works: ['silent'] } })].map(rowOf);
  expect(recipesTable(rows)).toMatch(/\n1 of 2 good; left 26 times in the middle\.\n/);
});

it('puts new rows in the place of old ones, and keeps the others', () => {
  const old = rowsIn(recipesTable([examined({ kind: 'both' }), examined({ interruptions: 1 })].map(rowOf)));
  const rows = merged(old, [rowOf(examined({ interruptions: 14 }))]);
  expect(rows.map((row) => [row[1], row[5]])).toEqual([
    ['Docker', 'yes, 14×'],
    ['Docker and a namespace', 'yes, 13×'],
  ]);
});
