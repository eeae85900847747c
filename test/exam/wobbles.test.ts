import { expect, it } from 'vitest';
import type { Answer, Row } from '../lab/scenario.ts';
import type { Scenario } from '../lab/scenario-file.ts';
import { wobbleCells, wobblePage, wobbleTotals } from './wobbles.ts';

const row = (file: string, answer: Partial<Answer>): Row => ({
  scenario: { file, expect: 'bridge-down', also_right: [] as string[] } as Scenario,
  control: null,
  answer: { status: 'fault', cause: 'bridge-down', between: null, seconds: 1, ...answer },
  repaired: null,
  failedSteps: [],
});

const steady = [
  row('steady', {}),
  { ...row('steady', { status: 'healthy', cause: null, seconds: 3 }), gone: true },
];
const wobbling = [
  row('wobbling', {}),
  row('wobbling', { status: 'healthy', cause: null }),
  row('wobbling', { cause: 'rp-filter', between: ['host/br0', null] }),
  row('wobbling', { cause: 'rp-filter', between: ['host/br0', null] }),
  row('wobbling', { cause: null }),
  row('wobbling', { status: 'undecided', cause: null }),
  row('wobbling', { status: 'failed', cause: null, complaint: 'exit 4\nno document' }),
];

it('tells a fault called healthy from one called another', () => {
  expect(wobbleCells(wobbling).slice(0, 7)).toEqual(['wobbling', '1', '1', '1', '2', '1', '1']);
});

it('says what was said instead, the most frequent first', () => {
  expect(wobbleCells(wobbling).at(-1)).toBe(
    '2 × rp-filter host/br0 → ·; 1 × healthy; 1 × fault; 1 × undecided; 1 × exit 4 no document',
  );
});

it('counts every answer', () => {
  expect(wobbleTotals([steady, wobbling])).toEqual([
    '9 answers to 2 scenarios: 2 right, 1 place only, 1 undecided, 2 wrong, 1 wrong healthy, 1 failed, 1 fault gone',
    '1 scenarios were right every time',
    'seconds: median 1.0, 95 % within 3.0, longest 3.0',
  ]);
});

it('shows first what was not right every time', () => {
  const [, not = '', right = ''] = wobblePage([steady, wobbling], 7).split('\n## ');
  expect(not).toContain('| wobbling ');
  expect(not).not.toContain('| steady ');
  expect(right).toMatch(/\| steady +\| 1 /);
});
