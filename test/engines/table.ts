/** docs/exam-faults-on-engines.md: what became of each fault on each engine, from the same files. */
import { falseAlarms, grade, gradesInWords } from '../exam/grade.ts';
import type { Row } from '../lab/scenario.ts';
import { joined, table } from '../reference/markdown.ts';
import type { Version } from './engine-kind.ts';

export interface AskedOn {
  readonly engine: Pick<Version, 'name' | 'suite' | 'also'>;
  /** As its program says it: `28.5.2`; null where it could not be had. */
  readonly version: string | null;
  readonly rows: readonly Row[];
  /** Why it could not be had, or is not done; null: nothing to say. */
  readonly because: string | null;
  readonly minutes: number;
}

export const engineLine = ({ engine, version, rows, because, minutes }: AskedOn): string =>
  version === null
    ? `${engine.name}: not asked: ${because}`
    : `${engine.name} (${version}): ${[
        gradesInWords(rows),
        `${falseAlarms(rows)} false alarms`,
        `${minutes.toFixed(1)} min`,
        ...(because ? [because] : []),
      ].join('; ')}`;

/** Right under the fault, and healthy before it and after its repair. */
export const isGood = (row: Row): boolean =>
  grade(row) === 'right' &&
  [row.control, row.repaired].every((answer) => answer === null || answer.status === 'healthy');

function cell(row: Row | undefined): string {
  if (!row) return '';
  if (isGood(row)) return '✓';
  const told = ({ status, cause, complaint }: Row['answer']): string => complaint ?? cause ?? status;
  const beside = ([when, answer]: readonly [string, Row['control']]): string[] =>
    answer === null || answer.status === 'healthy' ? [] : [`${when}: ${told(answer)}`];
  return [
    ...(grade(row) === 'right' ? [] : [told(row.answer)]),
    ...beside(['before', row.control]),
    ...beside(['repaired', row.repaired]),
  ].join('; ');
}

/**
 * @param faults names of the files, in the order of the table
 * @param missing what no suite of Debian has
 */
export function faultsPage(
  asked: readonly AskedOn[],
  faults: readonly string[],
  missing: readonly string[],
): string {
  const had = asked.filter(({ version }) => version !== null);
  const said = [
    ...asked.flatMap(({ engine, because }) => (because ? [[engine.name, because]] : [])),
    ...missing.map((name) => [name, 'no suite of Debian has it']),
  ];
  const rowOf = ({ rows }: AskedOn, fault: string): Row | undefined =>
    rows.find(({ scenario }) => scenario.file === fault);
  return joined([
    '# The commonest faults on each engine',
    'Made by `npm run exam:engines -- --write`: each engine in a Debian tree of its own suite, apart from the machine; every fault of `test/engines/faults` made on each, and asked about before it, under it and after its repair. ✓: right, and healthy before and after.',
    table(
      ['engine', 'version', 'Debian', 'right', 'false alarms', 'minutes'],
      had.map(({ engine, version, rows, minutes }) => [
        engine.name,
        version!,
        [engine.suite, ...(engine.also ? [engine.also] : [])].join(' and '),
        `${rows.filter(isGood).length} of ${faults.length}`,
        `${falseAlarms(rows)}`,
        minutes.toFixed(1),
      ]),
    ),
    table(
      ['fault', ...had.map(({ engine }) => engine.name)],
      faults.map((fault) => [fault, ...had.map((one) => cell(rowOf(one, fault)))]),
    ),
    ...(said.length === 0 ? [] : ['## What was not to be had', table(['engine', 'why'], said)]),
  ]);
}
