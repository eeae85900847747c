import type { Family } from './flow.ts';

/** TCP's states as ss(8) writes them; of UDP `UNCONN` and `ESTAB`. */
export type SocketStateName =
  | 'ESTAB'
  | 'SYN-SENT'
  | 'SYN-RECV'
  | 'FIN-WAIT-1'
  | 'FIN-WAIT-2'
  | 'TIME-WAIT'
  | 'UNCONN'
  | 'CLOSE-WAIT'
  | 'LAST-ACK'
  | 'LISTEN'
  | 'CLOSING'
  | 'NEW-SYN-RECV';

/** What TCP knows of one connection; times in milliseconds. struct tcp_info of linux/tcp.h. */
export interface TcpInfo {
  /** Segments that were sent and that nobody has acknowledged. */
  readonly unacknowledged: number;
  readonly lastDataSent: number;
  readonly lastDataReceived: number;
  readonly lastAckReceived: number;
  /**
   * Bytes that the far end has acknowledged, of who opened the connection its SYN for one of them; absent before Linux 4.2.
   * tcpi_bytes_acked
   */
  readonly acknowledged?: number;
  /** Bytes of data that have come, each once, and of the headers of a segment that brings some; absent before Linux 4.2. */
  readonly received?: number;
  readonly headers?: number;
  /** The smoothed round trip of its segments; absent where none was measured. */
  readonly roundTrip?: number;
  /** Bytes that the far end would take now; null on kernels before 5.4. */
  readonly window: number | null;
}

/** One socket of a namespace, as the kernel tells it. sock_diag(7). */
export interface SocketState {
  readonly proto: 'tcp' | 'udp';
  readonly family: Family;
  readonly state: SocketStateName;
  readonly source: string;
  readonly sourcePort: number;
  readonly destination: string;
  readonly destinationPort: number;
  /** Which timer runs; `retransmit` also stands for the one that repeats a SYN. */
  readonly timer: 'none' | 'retransmit' | 'keepalive' | 'time-wait' | 'window-probe';
  /** How often that timer has fired in vain. */
  readonly retransmits: number;
  /** Bytes; of a listener the connections that wait, and the most that may. */
  readonly receiveQueue: number;
  readonly sendQueue: number;
  /** Of the file, 0 where no process holds it any more. */
  readonly inode: number;
  /** Of whoever made it, and the mark it gives to what it sends (SO_MARK); absent where nobody told. */
  readonly uid?: number;
  readonly mark?: number;
  readonly info: TcpInfo | null;
}

/** A socket that sends echo requests. */
export interface EchoSocket {
  readonly family: Family;
  /** Of all its requests; null where it writes them itself. */
  readonly identifier: number | null;
  readonly inode: number;
}

/** Whose a socket is, in numbers of this host: rules may choose by it. */
export interface User {
  readonly uid: number;
  /** Null where only the user is known. */
  readonly gid: number | null;
  /** Supplementary groups; absent where there are none. */
  readonly groups?: readonly number[];
}

/** A process that holds a socket. */
export interface Holder {
  readonly pid: number;
  readonly name: string;
}
