import type { Source } from './answer.ts';
import type { Family, Origin, Proto } from './flow.ts';
import type { Holder } from './socket.ts';

/** A flow of the target's own programs that does not get on now. */
export interface Failing {
  /**
   * `connecting` nobody answers its SYN · `unacknowledged` what it sent is repeated and not acknowledged · `window` the
   * far end takes no more · `starved` this host has seen data come for it that never came to it · `asking` a name server has not answered it · `unanswered` connection tracking has seen packets
   * go out and none come back · `backlog` it listens, and as many connections as may wait do · `left-open` many
   * connections that the far end has closed, and the program has not · `refused` again and again.
   */
  readonly how:
    | 'connecting'
    | 'unacknowledged'
    | 'window'
    | 'starved'
    | 'asking'
    | 'unanswered'
    | 'backlog'
    | 'left-open'
    | 'refused';
  /** The host asks a port that the target listens on; all else is asked by the target. */
  readonly from: Extract<Origin, 'container' | 'host'>;
  readonly proto: Proto;
  readonly address: string;
  readonly port: number | null;
  readonly family: Family;
  /** How many sockets, or entries, are so. */
  readonly times: number;
  /** The program; null where only the host's connection tracking tells of the flow. */
  readonly holder: Holder | null;
  /** Milliseconds that it has been so, at the least; null where that cannot be told. */
  readonly since: number | null;
  /** The way to see it again. */
  readonly source: Source;
}
