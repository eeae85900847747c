import { expect, it } from 'vitest';
import { examPage, type Line } from './exam-page.ts';

const line = (flow: string, name: string, grade: string, before = 'healthy', repaired = 'healthy'): Line => ({
  flow,
  cells: [name, 'bridge-down', 'bridge-down', 'host/br0 → ·', grade, '1.20', before, repaired],
});

const page = examPage(
  [
    line('container → outside', 'good', 'right'),
    line('container → outside', 'decoy', 'right', '–', '–'),
    line('container → outside', 'missed', 'wrong'),
    line('host → container', 'alarmed', 'right', 'fault'),
    line('host → container', 'not-mended', 'right', 'healthy', 'fault'),
  ],
  ['5 scenarios'],
);
const parts = page.split('## ');

it('counts the right ones of each flow', () => {
  expect(parts[2]).toContain('| container → outside | 3 | 2 | 1.20 |');
  expect(parts[2]).toContain('| host → container | 2 | 2 | 1.20 |');
});

it('names what was wrong under the fault, before it, or after its repair', () => {
  const named = ['good', 'decoy', 'missed', 'alarmed', 'not-mended'].filter((name) =>
    parts[1]!.includes(`| ${name} |`),
  );
  expect(named).toEqual(['missed', 'alarmed', 'not-mended']);
});

it('keeps every answer, folded away', () => {
  expect(page.match(/<details>/g)).toHaveLength(2);
  expect(page).toContain('<summary>container → outside: 3</summary>');
});
