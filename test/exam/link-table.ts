/** docs/exam-links.md: what became of the scenarios of each kind of link on each kernel. */
import type { Row } from '../lab/scenario.ts';
import type { Scenario } from '../lab/scenario-file.ts';
import { joined, NOTE, table } from '../reference/markdown.ts';
import { falseAlarms, grade, gradeCounts } from './grade.ts';

/** One kernel, and what was answered on it. */
export interface LinksOn {
  readonly kernel: string;
  /** `uname -r` of its guest. */
  readonly release: string;
  readonly rows: readonly Row[];
}

/** Scenarios that are about a kind of link. */
export const isOfLink = ({ file, needs }: Pick<Scenario, 'file' | 'needs'>): boolean =>
  needs.length > 0 || file.startsWith('link-');

/** `bond` of `link-bond-no-carrier`; of the others what they need first. */
export function linkOf({ file, needs }: Pick<Scenario, 'file' | 'needs'>): string {
  const words = /^link-(bridge-vlan|nested-bridges|[a-z0-9]+)/.exec(file)?.[1] ?? needs[0] ?? 'other';
  return words === 'far' ? 'tc' : words;
}

/** `12/0/0/0`: right, place only, undecided, wrong or failed; empty where nothing was asked. */
function counts(rows: readonly Row[]): string {
  const [right = 0, place = 0, undecided = 0, wrong = 0, failed = 0] = gradeCounts(rows);
  return rows.length === 0 ? '' : `${right}/${place}/${undecided}/${wrong + failed}`;
}

export function linkPage(asked: readonly LinksOn[], scenarios: readonly Scenario[]): string {
  const links = [...new Set(scenarios.map(linkOf))].sort();
  const missed = asked.flatMap(({ kernel, rows }) =>
    rows
      .filter((row) => grade(row) !== 'right')
      .map((row) => {
        const { scenario, answer } = row;
        return [kernel, scenario.file, scenario.expect, answer.cause ?? answer.status, grade(row)];
      }),
  );
  const alarms = asked.map(({ kernel, rows }) => `${falseAlarms(rows)} on ${kernel}`).join(', ');
  return joined([
    '# Kinds of links',
    NOTE.replace('npm run reference', 'npm run exam:links'),
    'Right / place only / undecided / wrong, of the scenarios of each kind of link in guests of each kernel (`npm run exam:kernels`). Empty: not asked, or the kernel lacks it.',
    table(
      ['link', 'scenarios', ...asked.map(({ kernel, release }) => release || kernel)],
      [
        ...links.map((link) => [
          link,
          String(scenarios.filter((one) => linkOf(one) === link).length),
          ...asked.map(({ rows }) => counts(rows.filter(({ scenario }) => linkOf(scenario) === link))),
        ]),
        ['**all**', String(scenarios.length), ...asked.map(({ rows }) => counts(rows))],
      ],
    ),
    `Faults told of a healthy network: ${alarms || 'none asked'}.`,
    '## Not as it must be',
    missed.length === 0 ? 'Nothing.' : table(['kernel', 'scenario', 'expected', 'got', 'is'], missed),
  ]);
}
