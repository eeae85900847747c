import type { Row } from '../lab/scenario.ts';
import type { Scenario } from '../lab/scenario-file.ts';
import { KeptRows } from './kept-rows.ts';
import { until } from './until.ts';

/** What one scenario was answered, by the name of each question. */
export type Rows = Readonly<Record<string, Row>>;

export interface Playing {
  /** How many side by side. */
  readonly jobs: number;
  /** A number of minutes after which none is begun any more; absent: all are begun. */
  readonly minutes?: string | undefined;
  /** A file that keeps what was answered; what it holds is not asked again. */
  readonly continue?: string | undefined;
}

/**
 * Plays scenarios, tells each as it is done, says how many were left, and resolves with what was answered.
 *
 * @param play gets what an earlier run was answered, empty where there was none, and hands it back where nothing is missing
 */
export async function playAll(
  scenarios: readonly Scenario[],
  { jobs, minutes, continue: file }: Playing,
  play: (scenario: Scenario, before: Rows) => Promise<Rows>,
  tell: (rows: Rows) => void,
): Promise<Rows[]> {
  const kept = new KeptRows(file ?? null);
  const waiting = [...scenarios];
  const played: Rows[] = [];
  const lane = async (): Promise<void> => {
    for (const scenario of until(waiting, minutes === undefined ? null : Number(minutes))) {
      const before = kept.of(scenario) ?? {};
      const rows = await play(scenario, before);
      played.push(rows);
      if (rows !== before) kept.keep(scenario, rows);
      tell(rows);
    }
  };
  await Promise.all(Array.from({ length: jobs }, lane));
  if (waiting.length > 0) console.log(`\n${waiting.length} scenarios are left`);
  return played;
}
