/** Reads what the kernel has told of rules until there is no more of it. */
import { type Clock, pause } from '../../host/clock.ts';
import type { TraceListener } from '../../host/machine.ts';

/** A slow machine takes a turn for a few messages: so long it may take for all of them. Milliseconds. */
const PATIENCE = 3000;

/**
 * The kernel tells of a rule before it tells of the drop: an event loop that is busy, or slow, may have heard the drop alone.
 *
 * @returns whether all of it was read in time
 */
export async function caughtUp(
  clock: Clock,
  listeners: readonly Pick<TraceListener, 'look'>[],
  patience = PATIENCE,
): Promise<boolean> {
  const end = clock.now() + BigInt(patience) * 1_000_000n;
  while (listeners.map((one) => one.look()).some(Boolean)) {
    if (clock.now() >= end) return false;
    await pause(clock, 1);
  }
  return true;
}
