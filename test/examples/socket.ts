/** Sockets of TCP as sock_diag(7) tells them. */
import type { SocketState, SocketStateName } from '../../src/model/socket.ts';

const common = { proto: 'tcp', family: 4, timer: 'none', retransmits: 0, sendQueue: 0, info: null } as const;

/** A socket that listens on port 8080. */
export const listening = ({
  source = '0.0.0.0',
  port = 8080,
  inode = 11,
  waiting = 0,
}: {
  source?: string;
  port?: number;
  inode?: number;
  waiting?: number;
}): SocketState => ({
  ...common,
  state: 'LISTEN',
  source,
  sourcePort: port,
  destination: '0.0.0.0',
  destinationPort: 0,
  receiveQueue: waiting,
  sendQueue: 64,
  inode,
});

/** The server's side of a connection to port 8080. */
export const connection = ({
  peer,
  inode,
  state = 'ESTAB',
  unread = 0,
}: {
  peer: number;
  inode: number;
  state?: SocketStateName;
  unread?: number;
}): SocketState => ({
  ...common,
  state,
  source: '10.88.0.3',
  sourcePort: 8080,
  destination: '10.88.0.2',
  destinationPort: peer,
  receiveQueue: unread,
  inode,
});
