import type { Answer, Row } from '../lab/scenario.ts';
import { grade } from './grade.ts';
import { totals } from './totals.ts';

/** One scenario on one line of a terminal. */
export function line(row: Row): string {
  const { scenario, answer, control, repaired } = row;
  const before = control === null || control.status === 'healthy' ? '' : `  control: ${said(control)}`;
  const after = repaired === null || repaired.status === 'healthy' ? '' : `  repaired: ${said(repaired)}`;
  const steps = row.failedSteps.map((step) => `\n             step failed: ${step}`).join('');
  return [
    grade(row).padEnd(10),
    scenario.file.padEnd(48),
    said(answer).padEnd(30),
    `${answer.seconds.toFixed(2)} s`,
    `${before}${after}${steps}`,
  ].join('  ');
}

/** The table as it is kept in the docs. */
export function markdown(rows: readonly Row[]): string {
  const cells = rows.map((row) => [
    row.scenario.file,
    row.scenario.expect,
    said(row.answer),
    place(row.answer),
    grade(row),
    row.answer.seconds.toFixed(2),
    word(row.control),
    word(row.repaired),
  ]);
  const heads = ['scenario', 'expected', 'got', 'place', 'grade', 'seconds', 'before', 'repaired'];
  const table = [heads, heads.map(() => '---'), ...cells].map((row) => `| ${row.join(' | ')} |`);
  return [
    '# Exam',
    '',
    '`npm run exam -- --write` writes this page.',
    '',
    ...totals(rows).map((text) => `- ${text}`),
    '',
    ...table,
    '',
  ].join('\n');
}

function said(answer: Answer): string {
  if (answer.status === 'failed') return `failed: ${answer.complaint ?? ''}`;
  return answer.cause ?? (answer.status === 'fault' ? `fault ${place(answer)}` : answer.status);
}

function place({ between }: Answer): string {
  return between === null ? '' : between.map((hop) => hop ?? '·').join(' → ');
}

function word(answer: Answer | null): string {
  return answer === null ? '–' : answer.status;
}
