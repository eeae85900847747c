import { describe, expect, it } from 'vitest';
import type { Mended } from '../lab/repair-scenario.ts';
import { markdown } from './repair-table.ts';
import { quantile, repairTotals } from './repair-totals.ts';

const row = (cause: string, about: Partial<Mended> = {}): Mended => ({
  scenario: { file: `x-${cause}` } as Mended['scenario'],
  cause,
  risks: ['safe'],
  kept: 1,
  healthy: true,
  undone: 'same',
  again: cause,
  flows: { asked: 10, lost: [], notBack: [], lostByUndo: [] },
  titles: [`Mend ${cause} | now`],
  seconds: 2,
  complaint: null,
  ...about,
});

const rows = [
  row('one'),
  row('one', { seconds: 4 }),
  row('two', { undone: 'host route4: a → b' }),
  row('three', { again: 'healthy' }),
  row('four', { complaint: 'undo: exit 1' }),
  row('eight', { flows: { asked: 9, lost: ['A → B'], notBack: ['B → C'], lostByUndo: [] } }),
  row('nine', { flows: { asked: 9, lost: [], notBack: [], lostByUndo: ['A → B'] } }),
  row('five', { healthy: false, kept: 0, titles: [], undone: null, again: null, flows: null }),
  row('six', {
    risks: [],
    healthy: false,
    kept: 0,
    titles: [],
    undone: null,
    again: null,
    flows: null,
    seconds: null,
  }),
];

describe('the totals', () => {
  it('count as undone only what is the same, with the same fault and no complaint', () => {
    expect(repairTotals(rows)).toEqual([
      '9 faults; 8 with a fix that may be made (7 causes)',
      '7 mended and verified (6 causes)',
      '2 of them taken back to the byte, with the same fault again (1 causes)',
      '68 other flows asked after 7 repairs and their undo: 2 repairs lost one',
      'from the command to the verified verdict: median 2.0 s, 95 % within 4.0 s',
    ]);
  });

  it('take quantiles by rank', () => {
    expect(quantile([5, 1, 4, 2, 3], 0.5)).toBe(3);
    expect(quantile([5, 1, 4, 2, 3], 0.95)).toBe(5);
    expect(quantile([7], 0.5)).toBe(7);
  });
});

describe('the page', () => {
  const [, inexact = '', others = ''] = markdown(rows, repairTotals(rows), true).split('\n## ');
  const count = (text: string): number => text.match(/^\| x-/gm)?.length ?? 0;

  it('shows what is not mended, not the same after undo, another fault then, or complained about', () => {
    expect(count(inexact)).toBe(6);
    expect(inexact).toContain('7 of 9; LOST: A → B; not back: B → C');
    expect(inexact).toContain('9 of 9; LOST BY UNDO: A → B');
    for (const cause of ['two', 'three', 'four', 'five', 'eight', 'nine'])
      expect(inexact).toContain(`| x-${cause} |`);
  });

  it('folds away what is exact, and names what has no fix', () => {
    expect(count(others)).toBe(2);
    expect(others).toContain('<summary>2 mended, verified and taken back</summary>');
    expect(others).toContain('- x-six: `six`');
  });

  it('escapes bars inside cells', () => {
    expect(others).toContain('| Mend one \\| now |');
  });
});
