import type { Answer, Row } from '../lab/scenario.ts';
import { examPage } from './exam-page.ts';
import { grade } from './grade.ts';
import { sortOf } from './kind-of-flow.ts';
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

/** The page as it is kept in the docs. */
export const markdown = (rows: readonly Row[]): string =>
  examPage(
    rows.map((row) => ({
      flow: sortOf(row.scenario).flow,
      cells: [
        row.scenario.file,
        row.scenario.expect,
        said(row.answer),
        place(row.answer),
        grade(row),
        row.answer.seconds.toFixed(2),
        word(row.control),
        word(row.repaired),
      ],
    })),
    totals(rows),
  );

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
