/** docs/exam.md: what the exam came to, flow by flow, and every single answer folded away. */
import { folded, joined, table } from '../reference/markdown.ts';

const HEADS = ['scenario', 'expected', 'got', 'place', 'grade', 'seconds', 'before', 'repaired'];

export interface Line {
  readonly flow: string;
  /** In the order of the heads; `–` where nothing was asked. */
  readonly cells: readonly string[];
}

/** Right under the fault, and healthy without it. */
function isGood({ cells }: Line): boolean {
  const [, , , , grade, , before, repaired] = cells;
  return grade === 'right' && [before, repaired].every((said) => said === 'healthy' || said === '–');
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

export function examPage(lines: readonly Line[], totals: readonly string[]): string {
  const flows = [...new Set(lines.map(({ flow }) => flow))].toSorted();
  const of = (flow: string): Line[] => lines.filter((line) => line.flow === flow);
  const bad = lines.filter((line) => !isGood(line));
  return joined([
    '# Exam',
    '`npm run exam -- --write` writes this page: every scenario played, and netdoctor’s verdict graded. Which flows and networks the scenarios are about: [flows](flows.md).',
    totals.map((text) => `- ${text}`).join('\n'),
    '## Not as it must be',
    bad.length === 0
      ? 'Nothing.'
      : table(
          HEADS,
          bad.map(({ cells }) => cells),
        ),
    '## Flow by flow',
    table(
      ['flow', 'scenarios', 'right', 'median seconds'],
      flows.map((flow) => [
        flow,
        `${of(flow).length}`,
        `${of(flow).filter(({ cells }) => cells[4] === 'right').length}`,
        median(of(flow).map(({ cells }) => Number(cells[5]))).toFixed(2),
      ]),
    ),
    ...flows.flatMap((flow) =>
      folded(
        `${flow}: ${of(flow).length}`,
        table(
          HEADS,
          of(flow).map(({ cells }) => cells),
        ),
      ),
    ),
  ]);
}
