import { expect, it } from 'vitest';
import type { Answer, Row } from '../lab/scenario.ts';
import type { Scenario } from '../lab/scenario-file.ts';
import { engineCells, enginePage, engineTotals, isOne } from './engines-table.ts';
import type { Rows } from './play-all.ts';

const fault: Answer = { status: 'fault', cause: 'bridge-down', between: ['host/br0', null], seconds: 2 };
const healthy: Answer = { status: 'healthy', cause: null, between: null, seconds: 1 };

const row = (file: string, answer: Partial<Answer> = {}, repaired: Answer | null = healthy): Row => ({
  scenario: { file, expect: 'bridge-down', also_right: [] as string[] } as Scenario,
  control: healthy,
  answer: { ...fault, ...answer },
  repaired,
  failedSteps: [],
});

const steady: Rows = { packet: row('steady'), replayed: row('steady', { seconds: 0.2 }), cap: row('steady') };
const apart: Rows = {
  packet: row('apart'),
  replayed: row('apart', { between: [null, 'host/br0'] }),
  cap: row('apart', {}, { ...healthy, status: 'failed', complaint: 'exit 4: no document' }),
};

it('one verdict is one cause at one place, each time', () => {
  expect([steady, apart].map(isOne)).toEqual([true, false]);
  expect(isOne({ ...steady, cap: row('steady', {}, null) })).toBe(false);
});

it('what was said otherwise is shown beside what was said live', () => {
  expect(engineCells(steady)).toEqual([
    'steady',
    'bridge-down host/br0 → ·',
    'right',
    'the same',
    'the same',
  ]);
  expect(engineCells(apart).slice(3)).toEqual([
    '**under it: bridge-down · → host/br0**',
    '**repaired: exit 4: no document**',
  ]);
});

it('shows first what was not the same, and counts all', () => {
  expect(engineTotals([steady, apart])).toMatch(/^1 of 2 samples/);
  const [head = '', not = ''] = enginePage([steady, apart]).split('\n## ');
  expect(head).toMatch(/\| its file, replayed +\| 2 .* 2\.00 /);
  expect(not.split('<details>')[0]).not.toContain('| steady ');
  expect(not).toContain('2 samples');
});
