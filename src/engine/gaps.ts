/** What went by unseen while a run was under way, and the verdicts that may not be given for it. */
import type { Unknown } from '../model/evidence.ts';
import type { Scene } from '../model/scene.ts';

/**
 * `answers`: the probe's sockets had no room for some. `time`: it was up before the evidence decided. `programs`: those
 * of the container's cgroup were not passed. `taking`: it was not seen whether a program takes connections. `greeting`:
 * it said nothing where it speaks first. `deferred`: it says nothing until it is spoken to. `client`: a probe became the
 * only client that the program takes.
 */
export interface Gap extends Unknown {
  readonly of: 'answers' | 'time' | 'programs' | 'taking' | 'greeting' | 'deferred' | 'client';
}

/** Could what went by have turned a fault into none? */
export function undecides(scene: Scene, gaps: readonly Gap[]): boolean {
  return gaps.some(({ of }) => of === 'time' || (of === 'answers' && restsOnSilence(scene)));
}

/** Could it have turned health into a fault? */
export const maybeHealthy = (gaps: readonly Gap[]): boolean =>
  gaps.some(({ of }) => of === 'programs' || of === 'taking' || of === 'greeting');

/** Nothing but the socket's silence says that the answer was lost: it reached the sender, or nobody could have seen it. */
function restsOnSilence({ symptom, path, captured }: Scene): boolean {
  const first = path.hops[0];
  return symptom.kind === 'undelivered' || (first !== undefined && !captured.has(first.id));
}
