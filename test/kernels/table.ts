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
  /** Scenarios that need what the kernel, or a program here, does not have. */
  readonly lacking: number;
  /** The exit code of `netdoctor demo`, 0 where the verdict was right; null where it was not played. */
  readonly demo: number | null;
  /** What `netdoctor --version --json` says there of what it can see. */
  readonly abilities: readonly { readonly name: string; readonly able: boolean; readonly says: string }[];
  /** Why it could not be had, or did not end as it should; null: nothing to say. */
  readonly because: string | null;
  readonly minutes: number;
}

/** A kernel that was not asked. */
export const NOTHING = {
  release: null,
  rows: [],
  lacking: 0,
  demo: null,
  abilities: [],
  minutes: 0,
} as const;

const demoWords = (demo: number | null): string =>
  demo === null ? '' : demo === 0 ? 'right' : `exit ${demo}`;

/** The line of one kernel, as it is shown while the exam goes on. */
export function kernelLine({ kernel, release, rows, lacking, demo, because, minutes }: Asked): string {
  if (release === null) return `${kernel.name}: not asked: ${because}`;
  const told = [
    `demo ${demoWords(demo) || 'not played'}`,
    gradesInWords(rows),
    `${falseAlarms(rows)} false alarms`,
    ...(lacking > 0 ? [`${lacking} need what it lacks`] : []),
    `${minutes.toFixed(0)} min`,
  ];
  return `${kernel.name} (${release}): ${[...told, ...(because ? [because] : [])].join('; ')}`;
}

export function kernelPage(asked: readonly Asked[], scenarios: number): string {
  const cells = asked.map(({ kernel, release, rows, lacking, demo, minutes }) =>
    release === null
      ? [kernel.name, kernel.also, 'not asked', '', '', '', ...GRADES.map(() => ''), '', '']
      : [
          kernel.name,
          kernel.also,
          release,
          demoWords(demo),
          String(rows.length),
          String(lacking),
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
  const said = asked.flatMap(({ kernel, because }) => (because ? [[kernel.name, because]] : []));
  const names = [...new Set(asked.flatMap(({ abilities }) => abilities.map(({ name }) => name)))];
  const seen = asked.filter(({ abilities }) => abilities.length > 0);
  return joined([
    '# The exam on other kernels',
    `Made by \`npm run exam:kernels -- --write\`: guests boot this machine's own root, read only, on the kernels that distributions have, and play ${scenarios} scenarios, chosen by the rule of \`--spread\`.`,
    table(
      [
        'kernel',
        'who runs it',
        'asked',
        'demo',
        'scenarios',
        'not there',
        ...GRADES,
        'false alarms',
        'minutes',
      ],
      cells,
    ),
    '“Place only”: the place was right, and no cause was named. “Not there”: the kernel, or a program of this machine, lacks what the scenario is about. A false alarm is a fault told of a healthy network: before the fault, after its repair, or under a decoy.',
    ...(said.length === 0 ? [] : ['## What was not to be had', table(['kernel', 'why'], said)]),
    '## Not as it must be',
    missed.length === 0 ? 'Nothing.' : table(['kernel', 'scenario', 'expected', 'got'], missed),
    ...(seen.length === 0
      ? []
      : [
          '## What each lets netdoctor see',
          'As `netdoctor --version --json` tells there.',
          table(
            ['', ...seen.map(({ kernel }) => kernel.name)],
            names.map((name) => [
              name,
              ...seen.map(({ abilities }) => {
                const one = abilities.find((ability) => ability.name === name);
                return one ? `${one.able ? '' : 'no: '}${one.says}` : '';
              }),
            ]),
          ),
        ]),
  ]);
}
