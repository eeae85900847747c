import type { Diagnosis } from '../../src/model/diagnosis.ts';
import type { Answer, Row } from '../lab/scenario.ts';

/** How well a scenario's verdict did: the place alone is worth less than the cause, a wrong cause is worth nothing. */
export const GRADES = ['right', 'place only', 'undecided', 'wrong', 'failed'] as const;

/** A fault may be gone where ordinary traffic is asked too, of what is asked about more than once. */
export type Grade = (typeof GRADES)[number] | 'fault gone';

/** Judges the answer that was given while the fault was there. */
export function grade({ scenario, answer, gone }: Row): Grade {
  const { expect, also_right, between } = scenario;
  if (answer.status === 'failed') return 'failed';
  if (answer.status === 'undecided' && expect !== 'undecided') return 'undecided';
  if (answer.status === 'fault' && answer.cause === null && !/^(healthy|undecided)$/.test(expect))
    return 'place only';
  if (!isSaid(scenario, answer)) return 'wrong';
  if (answer.status === 'undecided') return 'right';
  if (gone === true && answer.status === 'healthy') return 'fault gone';
  if (expect === 'healthy' || answer.status === 'healthy')
    return answer.status === expect ? 'right' : 'wrong';
  if (answer.cause === null || ![expect, ...also_right].includes(answer.cause)) return 'wrong';
  return between === undefined || String(between) === String(answer.between) ? 'right' : 'wrong';
}

/** Notes and warnings as the scenario wants them: what must be said is, and what must not is not. */
function isSaid({ notes = [], unsaid = [] }: Partial<Row['scenario']>, { document }: Answer): boolean {
  if (notes.length + unsaid.length === 0) return true;
  const { unknown = [], findings = [] } = JSON.parse(document ?? '{}') as Partial<Diagnosis>;
  const said = [
    ...unknown.map(({ what, because }) => `${what}: ${because}`),
    ...findings.map(({ what }) => what),
  ];
  const has = (pattern: string): boolean => said.some((one) => new RegExp(pattern, 'i').test(one));
  return notes.every(has) && !unsaid.some(has);
}

/** How often a fault was seen where there is none: in a healthy network, under a decoy, before the fault, after its repair. */
export const falseAlarms = (rows: readonly Row[]): number =>
  rows
    .flatMap(({ scenario, control, answer, repaired }): (Answer | null)[] => [
      control,
      scenario.expect === 'healthy' ? answer : null,
      repaired,
    ])
    .filter((given) => given?.status === 'fault').length;

/** How many rows have each grade. */
export const gradeCounts = (rows: readonly Row[], grades: readonly Grade[] = GRADES): number[] =>
  grades.map((one) => rows.filter((row) => grade(row) === one).length);

/** `40 right, 0 place only, …`. */
export const gradesInWords = (rows: readonly Row[], grades: readonly Grade[] = GRADES): string =>
  gradeCounts(rows, grades)
    .map((count, at) => `${count} ${grades[at]}`)
    .join(', ');
