/** What commands about the last diagnosis share: there must be one. */

import type { Diagnosis } from '../model/diagnosis.ts';
import type { Run } from '../output/run.ts';
import { type Desk, type Outcome, wrong } from './command.ts';

export interface Case {
  readonly run: Run;
  readonly diagnosis: Diagnosis;
}

/** Hands the last diagnosis to a command, or says that there is none. */
export function withCase(desk: Desk, tell: (found: Case) => Outcome): Outcome {
  const { last } = desk;
  if (last === null || last.diagnosis === null) {
    return wrong(-1, 'Nothing has been diagnosed yet.', 'Type: check NAME');
  }
  return tell({ run: last, diagnosis: last.diagnosis });
}
