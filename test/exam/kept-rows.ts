/** Rows that an exam keeps as it goes, so that one that was ended goes on where it was. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type { Row } from '../lab/scenario.ts';
import type { Scenario } from '../lab/scenario-file.ts';

type Given = Omit<Row, 'scenario'>;

/** One line of JSON a scenario: its file, and what was answered. Documents are left out. */
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

const bare = (answer: Row['control']): Row['control'] =>
  answer === null ? null : { ...answer, document: undefined };
