import type { Speech } from './exchange.ts';
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
   * accepted by a program that has opened one of its own for it, to `to`, which nobody answers · `mute`: each was accepted by
   * a program that speaks for it over one of its own, to `to`, which stands and brings nothing.
   */
  readonly kind: 'accept' | 'read' | 'defer' | 'carry' | 'mute';
  readonly connections: number;
  /** Of so many that arrived. */
  readonly of: number;
  /** Milliseconds that were waited. */
  readonly waited: number;
  readonly takers: readonly Taker[];
  /** Of `carry` and `mute`: who carries them on, and where to. */
  readonly by?: Holder;
  readonly to?: { readonly address: string; readonly port: number };
  /** Of `mute`: what is seen of whom it waits for. */
  readonly waitsFor?: Mute;
}

/** Were they taken, by a program that goes on to somebody else? */
export const isCarriedOn = ({ kind }: Untaken): boolean => kind === 'carry' || kind === 'mute';

/** Whoever lets a program of this host wait. */
export interface Mute {
  /**
   * `queued`: the connections stand in its accept queue · `unread`: what was said stands unread in them · `deaf`: they were told
   * that nothing more comes, and it does not end its side either · `silent`: it acknowledges, and says nothing.
   */
  readonly how: 'queued' | 'unread' | 'deaf' | 'silent';
  /** Of those whom its listening sockets are told of: who listens there; null where that is not on this host, or not found. */
  readonly listens: Taker | null;
  /** What had been said over each connection; null: nothing. */
  readonly said: Speech | null;
}
