/** Did the fix help? The original question, asked again, decides. */
import type { Diagnosis } from '../model/diagnosis.ts';
import { otherAnswerer } from './answerer.ts';

export type Judgement = 'healthy' | 'better' | 'no better' | 'worse' | 'harmful' | 'another answer';

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

/** Where it stops and why: what a run may meet once. */
export const placeOf = ({ direction, between, cause }: Diagnosis): string =>
  `${direction} ${between?.join(' … ')} ${cause}`;

/** What else is known of a change, beside the question asked before it and after it. */
export interface Circumstances {
  /** `placeOf` of everything that this run has met before this change. */
  readonly met?: ReadonlySet<string>;
  /** Flows that were answered before the change and are not after it, in words. */
  readonly lost?: readonly string[];
  /** The fix means to lead the flow elsewhere. */
  readonly leads?: boolean;
}

export interface Judged {
  readonly judgement: Judgement;
  /** Why an answer is not taken for one; null where the judgement says it all. */
  readonly because: string | null;
}

/**
 * Healthy: answered, by the same answerer over the same translation. Better: the obstacle is gone, and more was
 * answered, packets came further, or they stop no earlier for another cause. Harmful: somebody is no longer reached who
 * was before. Worse: they stop earlier or fewer were answered. An undecided second look is no better, nor is a place and
 * cause that this run has met before: what is not proved to help is not kept.
 */
export function judge(before: Diagnosis, after: Diagnosis, about: Circumstances = {}): Judged {
  const judgement = compare(before, after, about.met ?? new Set());
  if (!helps(judgement)) return { judgement, because: null };
  const lost = about.lost ?? [];
  if (lost.length > 0) return { judgement: 'harmful', because: `no longer answered: ${some(lost)}` };
  const other = judgement === 'healthy' && !about.leads ? otherAnswerer(before, after) : null;
  return other ? { judgement: 'another answer', because: other } : { judgement, because: null };
}

const some = (lost: readonly string[]): string =>
  lost.length <= 3 ? lost.join(', ') : `${lost.slice(0, 3).join(', ')} and ${lost.length - 3} more`;

function compare(before: Diagnosis, after: Diagnosis, met: ReadonlySet<string>): Judgement {
  if (after.status === 'healthy') return 'healthy';
  if (after.status === 'undecided') return 'no better';
  if (after.answered !== before.answered) return after.answered > before.answered ? 'better' : 'worse';
  const path = after.path.length >= before.path.length ? after.path : before.path;
  const [from, to] = [reach(before, path), reach(after, path)];
  if (to < from) return 'worse';
  if (met.has(placeOf(after))) return 'no better';
  if (to > from) return 'better';
  return after.cause !== null && after.cause !== before.cause ? 'better' : 'no better';
}

export const helps = (judgement: Judgement): boolean => judgement === 'healthy' || judgement === 'better';
