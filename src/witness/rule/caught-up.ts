/** Reads what the kernel has told of rules until there is no more of it. */
import type { TraceListener } from '../../host/machine.ts';

/** A slow machine takes a turn for a few messages: so long it may take for all of them. Milliseconds. */
const PATIENCE = 3000;

/**
 * The kernel tells of a rule before it tells of the drop: an event loop that is busy, or slow, may have heard the drop alone.
 *
 * @returns whether all of it was read in time
 */
export async function caughtUp(
  listeners: readonly Pick<TraceListener, 'look'>[],
  patience = PATIENCE,
): Promise<boolean> {
  const end = performance.now() + patience;
  while (listeners.map((one) => one.look()).some(Boolean)) {
    if (performance.now() >= end) return false;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return true;
}
