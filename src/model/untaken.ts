import type { OpenFiles } from './open-files.ts';
import type { Holder } from './socket.ts';

/** A process that holds a listening socket, and why it may not take what comes. */
export interface Listening extends Holder {
  /** A signal stopped it, or its control group is frozen. */
  readonly halted: 'stopped' | 'paused' | null;
  /** Null where nobody tells. */
  readonly files: OpenFiles | null;
}

/** One of the listening sockets among which the kernel deals out the connections of a port. */
export interface Taker {
  readonly address: string;
  readonly port: number;
  readonly inode: number;
  /** Connections that wait to be accepted, and the most that may. */
  readonly waiting: number;
  readonly most: number;
  /** Nothing left its queue while the probe's connections stood there. */
  readonly stuck: boolean;
  readonly holders: readonly Listening[];
}

/** Connections of the probe that the kernel opened for a program of this host, and that the program did not take or cannot serve. */
export interface Untaken {
  /**
   * `accept`: they stand in the accept queue · `read`: it was accepted, and what it carried stands unread · `defer`: the
   * listener lets them wait half-open for data of the client (TCP_DEFER_ACCEPT), who waits to be greeted · `carry`: each was
   * accepted by a program that has opened one of its own for it, to `to`, which nobody answers.
   */
  readonly kind: 'accept' | 'read' | 'defer' | 'carry';
  readonly connections: number;
  /** Of so many that arrived. */
  readonly of: number;
  /** Milliseconds that were waited. */
  readonly waited: number;
  readonly takers: readonly Taker[];
  /** Of `carry`: who carries them on, and where to. */
  readonly by?: Holder;
  readonly to?: { readonly address: string; readonly port: number };
}
