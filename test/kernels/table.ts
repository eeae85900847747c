/** docs/exam-kernels.md: what became of the same scenarios on each kernel. */
import { falseAlarms, GRADES, grade, gradeCounts, gradesInWords } from '../exam/grade.ts';
import type { Row } from '../lab/scenario.ts';
import { joined, table } from '../reference/markdown.ts';
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

/** The line of one kernel, as it is shown while the exam goes on. */
export function kernelLine({ kernel, release, rows, because, minutes }: Asked): string {
  if (release === null) return `${kernel.name}: not asked: ${because}`;
  const told = [gradesInWords(rows), `${falseAlarms(rows)} false alarms`, `${minutes.toFixed(0)} min`];
  return `${kernel.name} (${release}): ${[...told, ...(because ? [because] : [])].join('; ')}`;
}

export function kernelPage(asked: readonly Asked[], scenarios: number): string {
  const cells = asked.map(({ kernel, release, rows, because, minutes }) =>
    release === null
      ? [kernel.name, kernel.also, 'not asked', because ?? '', ...GRADES.map(() => ''), '', '']
      : [
          kernel.name,
          kernel.also,
          release,
          String(rows.length),
          ...gradeCounts(rows).map(String),
          String(falseAlarms(rows)),
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
  return joined([
    '# The exam on other kernels',
    `Made by \`npm run exam:kernels -- --write\`: guests boot this machine's own root, read only, on the kernels that distributions have, and play ${scenarios} scenarios, chosen by the rule of \`--spread\`.`,
    table(['kernel', 'who runs it', 'asked', 'scenarios', ...GRADES, 'false alarms', 'minutes'], cells),
    '## Not as it must be',
    missed.length === 0 ? 'Nothing.' : table(['kernel', 'scenario', 'expected', 'got'], missed),
  ]);
}
