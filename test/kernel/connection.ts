import type { SocketState } from '../../src/model/socket.ts';

/** A connection of the container that stands and has nothing to say. */
export const connection = (about: Partial<SocketState> = {}): SocketState => ({
  proto: 'tcp',
  family: 4,
  state: 'ESTAB',
  source: '10.88.0.2',
  sourcePort: 40_000,
  destination: '198.51.100.1',
  destinationPort: 80,
  timer: 'none',
  retransmits: 0,
  receiveQueue: 0,
  sendQueue: 0,
  inode: 7,
  info: null,
  ...about,
});
