/**
 * An answer that comes when nobody waits for it any more is none, though a capture has still time to show it: it would be taken for
 * one that came to the sender's interface and not to the program, of which the sockets are asked no longer.
 */
import { isAnswer, type ProbeOutcome } from '../../model/sighting.ts';
import type { RunLog } from './log.ts';

/** Ends the probes to which nothing has come. `waited`: until when answers were waited for, in milliseconds. */
export function endUnanswered(
  log: Pick<RunLog, 'sightings' | 'end'>,
  outcomes: readonly ProbeOutcome[],
  waited: number,
): void {
  for (const { probe, result } of outcomes) {
    const mine = log.sightings.filter((one) => one.probe === probe);
    if (result !== 'silent' || mine.some(isAnswer)) continue;
    // What was told of it by now was judged by.
    log.end(probe, Math.max(waited * 1000, ...mine.map(({ at }) => at)));
  }
}
