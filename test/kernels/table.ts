/** docs/exam-kernels.md: what became of the same scenarios on each kernel. */
import { falseAlarms, type Grade, grade } from '../exam/grade.ts';
import type { Row } from '../lab/scenario.ts';
import type { Kernel } from './kernels.ts';

export interface Asked {
  readonly kernel: Kernel;
  /** `uname -r` of the guest, and what kind it was; null where it could not be had. */
  readonly release: string | null;
  readonly rows: readonly Row[];
  /** Why it could not be had, or did not end as it should; null: nothing to say. */
  readonly because: string | null;
  readonly minutes: number;
}

const GRADES: readonly Grade[] = ['right', 'place only', 'undecided', 'wrong', 'failed'];

const counted = (rows: readonly Row[]): string[] =>
  GRADES.map((name) => String(rows.filter((row) => grade(row) === name).length));

const alarms = (rows: readonly Row[]): number => rows.reduce((sum, row) => sum + falseAlarms(row), 0);

/** The lines of one kernel, as they are shown while the exam goes on. */
export const kernelLine = ({ kernel, release, rows, because, minutes }: Asked): string =>
  release === null
    ? `${kernel.name}: not asked: ${because}`
    : `${kernel.name} (${release}): ${counted(rows)
        .map((number, at) => `${number} ${GRADES[at]}`)
        .join(
          ', ',
        )}; ${alarms(rows)} false alarms; ${minutes.toFixed(0)} min${because ? `; ${because}` : ''}`;

export function kernelPage(asked: readonly Asked[], scenarios: number): string {
  const cells = asked.map(({ kernel, release, rows, because, minutes }) =>
    release === null
      ? [kernel.name, kernel.also, 'not asked', because ?? '', '', '', '', '', '', '']
      : [
          kernel.name,
          kernel.also,
          release,
          String(rows.length),
          ...counted(rows),
          String(alarms(rows)),
          minutes.toFixed(0),
        ],
  );
  const missed = asked.flatMap(({ kernel, rows }) =>
    rows
      .filter((row) => grade(row) !== 'right')
      .map(({ scenario, answer }) => [
        kernel.name,
        scenario.file,
        scenario.expect,
        answer.cause ?? answer.status,
      ]),
  );
  return `${[
    '# The exam on other kernels',
    `Made by \`npm run exam:kernels -- --write\`: guests boot this machine's own root, read only, on the kernels that
distributions have, and play ${scenarios} scenarios, chosen by the rule of \`--spread\`.`,
    table(['kernel', 'who runs it', 'asked', 'scenarios', ...GRADES, 'false alarms', 'minutes'], cells),
    '## Not as it must be',
    missed.length === 0 ? 'Nothing.' : table(['kernel', 'scenario', 'expected', 'got'], missed),
  ].join('\n\n')}\n`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
