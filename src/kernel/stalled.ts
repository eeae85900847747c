/** A connection that stands and does not get on, as one look at its socket tells. */
import type { SocketState } from '../model/socket.ts';
import type { Neighbour } from '../model/stack.ts';

/** A window that is closed for so long is no passing pressure. Milliseconds. */
const CLOSED = 2000;

export interface Stalled {
  /** What it sent is repeated and not acknowledged, or the far end takes no more. */
  readonly how: 'unacknowledged' | 'window';
  /** Milliseconds that it has been so, at the least; null where that cannot be told. */
  readonly since: number | null;
}

/** Undefined for whatever gets on, and for a connection that does not stand yet or any more. */
export function stalled({ state, timer, retransmits, sendQueue, info }: SocketState): Stalled | undefined {
  if (state !== 'ESTAB') return undefined;
  if (timer === 'retransmit' && retransmits > 1)
    return { how: 'unacknowledged', since: info?.lastAckReceived ?? null };
  // Each answer to a probe of the window sets the count of probes back: the time since data went out tells.
  if (timer === 'window-probe' && sendQueue > 0 && info && info.lastDataSent >= CLOSED)
    return { how: 'window', since: info.lastDataSent };
  return undefined;
}

/** Does nobody on the link have this address? */
export const isUnheld = (address: string, neighbours: readonly Neighbour[]): boolean =>
  neighbours.some((one) => one.address === address && /FAILED|INCOMPLETE/.test(one.state.join(' ')));
