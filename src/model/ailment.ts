import type { Holder, SocketState } from './socket.ts';

/** A socket of the target that does not get on. */
export interface Ailment {
  /**
   * `connecting` nobody answers its SYN · `unacknowledged` what it sent is repeated and not acknowledged · `window` the
   * far end takes no more · `left-open` the far end has closed it, and many like it, and the program has not · `idle`
   * nothing is known to be wrong with it but what connection tracking may say · `sending` the same of a socket of datagrams.
   */
  readonly kind: 'connecting' | 'unacknowledged' | 'window' | 'left-open' | 'idle' | 'sending';
  readonly socket: SocketState;
  readonly holder: Holder | null;
  /** Milliseconds that it has been so, at the least; null where that cannot be told. */
  readonly since: number | null;
  /** It asks an address that is none of those the asked name has now. */
  readonly isElsewhere: boolean;
  /** Of what sends datagrams to an end that it alone is led to, and that answered before: it answers nobody now. */
  readonly unheard?: Unheard;
  /** How many are so besides, where they are told as one. */
  readonly others?: number;
}

/** What was seen of datagrams that nobody answers any more. */
export interface Unheard {
  /** How many the program sent while somebody looked, and for how long. Milliseconds. */
  readonly sent: number;
  readonly watched: number;
  /** What the host itself heard of that end, when it asked the same. */
  readonly says: string;
}
