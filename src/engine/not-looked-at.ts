/** Flows that the time was not enough for: what was not looked at is not healthy. */
import type { Diagnosis } from '../model/diagnosis.ts';
import type { Unknown } from '../model/evidence.ts';
import { destination, type Flow } from '../model/flow.ts';
import { list } from '../words/text.ts';

export const notLookedAt = (flow: Flow): Unknown => ({
  what: `the way to ${destination(flow)}`,
  because: 'the time of this diagnosis was up before it was looked at',
});

/** The same verdict; where all that was looked at is well, and not all was, nothing is decided. */
export function unlessUnseen(verdict: Diagnosis, unseen: readonly Flow[]): Diagnosis {
  if (unseen.length === 0 || verdict.status !== 'healthy') return verdict;
  const ends = list([...new Set(unseen.map(destination))]);
  return {
    ...verdict,
    status: 'undecided',
    summary: `${verdict.summary} The time was up before ${ends} could be looked at.`,
  };
}
