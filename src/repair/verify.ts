/** Did the fix help? The original question, asked again, decides. */
import type { Diagnosis } from '../model/diagnosis.ts';

export type Judgement = 'healthy' | 'better' | 'no better' | 'worse';

/**
 * How far packets came, counted in hops: requests first, replies on their way back after them. -1 where no place was
 * found. Both are measured along `path`, so that a path that grew with the fix counts.
 */
function reach(diagnosis: Diagnosis, path: Diagnosis['path']): number {
  if (diagnosis.status === 'healthy') return Number.POSITIVE_INFINITY;
  if (diagnosis.between === null || diagnosis.direction === null) return -1;
  const [after] = diagnosis.between;
  const at = path.findIndex((hop) => hop.id === after);
  if (diagnosis.direction === 'request') return at + 1;
  return path.length + 1 + (at < 0 ? 0 : path.length - at);
}

/**
 * Healthy; better: more was answered, packets came further, or they stop no earlier and for another cause; worse: they
 * stop earlier or fewer were answered. An undecided second look is no better: what is not proved to help is not kept.
 */
export function judge(before: Diagnosis, after: Diagnosis): Judgement {
  if (after.status === 'healthy') return 'healthy';
  if (after.status === 'undecided') return 'no better';
  if (after.answered !== before.answered) return after.answered > before.answered ? 'better' : 'worse';
  const path = after.path.length >= before.path.length ? after.path : before.path;
  const [from, to] = [reach(before, path), reach(after, path)];
  if (to > from) return 'better';
  if (to < from) return 'worse';
  return after.cause !== null && after.cause !== before.cause ? 'better' : 'no better';
}

export const helps = (judgement: Judgement): boolean => judgement === 'healthy' || judgement === 'better';
