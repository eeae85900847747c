/** Rows that an exam keeps as it goes, so that one that was ended goes on where it was. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type { Diagnosis } from '../../src/model/diagnosis.ts';
import type { Row } from '../lab/scenario.ts';
import type { Scenario } from '../lab/scenario-file.ts';

type Given = Omit<Row, 'scenario'>;

/** One line of JSON a scenario: its file, and what was answered. Of documents stays what is graded. */
export class KeptRows {
  readonly #kept = new Map<string, Record<string, Given>>();

  /** Null: nothing is kept, and nothing was. */
  constructor(private readonly path: string | null) {
    if (path === null || !existsSync(path)) return;
    for (const line of readFileSync(path, 'utf8').split('\n').filter(Boolean)) {
      const { file, rows } = JSON.parse(line) as { file: string; rows: Record<string, Given> };
      this.#kept.set(file, rows);
    }
  }

  /** What was answered to this scenario in an earlier run; null where it was not played. */
  of(scenario: Scenario): Record<string, Row> | null {
    const rows = this.#kept.get(scenario.file);
    return rows
      ? Object.fromEntries(Object.entries(rows).map(([name, given]) => [name, { ...given, scenario }]))
      : null;
  }

  keep({ file }: Scenario, rows: Readonly<Record<string, Row>>): void {
    if (this.path === null) return;
    const given = Object.entries(rows).map(([name, { scenario: _, answer, control, repaired, ...row }]) => [
      name,
      { ...row, control: bare(control), answer: bare(answer), repaired: bare(repaired) },
    ]);
    appendFileSync(this.path, `${JSON.stringify({ file, rows: Object.fromEntries(given) })}\n`);
  }
}

/** Of the document what is graded besides the verdict: what was said beside it. */
const bare = <Given extends Row['control']>(answer: Given): Given =>
  answer?.document === undefined ? answer : { ...answer, document: beside(answer.document) };

function beside(document: string): string {
  const { unknown, findings, direction } = JSON.parse(document) as Partial<Diagnosis>;
  return JSON.stringify({ unknown, findings, direction });
}
