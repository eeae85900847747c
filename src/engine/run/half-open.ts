/**
 * A connection that stands for its client and is half-open at the far end: a listener with TCP_DEFER_ACCEPT throws the last
 * ACK of the handshake away, and opens the connection when data comes. tcp(7), tcp_check_req() of net/ipv4/tcp_minisocks.c.
 */
import { pause } from '../../host/clock.ts';
import type { Machine, ProbeSocket } from '../../host/machine.ts';
import type { Ends } from '../../kernel/accept-queue.ts';
import type { Netns } from '../../model/netns.ts';
import type { SocketState } from '../../model/socket.ts';

const COUNTER = 'TCPDeferAcceptDrop';
/** How long one more handshake is waited for, and its last ACK then has to arrive. Milliseconds. */
const ARRIVING = 100;

export const halfOpenOf = (sockets: readonly SocketState[], ends: readonly Ends[]): SocketState[] =>
  sockets.filter(
    ({ proto, state, sourcePort, destinationPort }) =>
      proto === 'tcp' &&
      state === 'SYN-RECV' &&
      ends.some((one) => one.port === sourcePort && one.peer === destinationPort),
  );

/** A counter of the namespace's TCP; null where it is not told. Source: /proc/net/netstat. */
export function counterOf(text: string, name: string): number | null {
  const lines = text.split('\n').filter((line) => line.startsWith('TcpExt:'));
  const [names, values] = lines.map((line) => line.trim().split(/\s+/));
  const at = names?.indexOf(name) ?? -1;
  const value = at < 0 ? undefined : values?.[at];
  return value === undefined ? null : Number(value);
}

function counted(machine: Machine, where: Netns | null): number | null {
  const answer = machine.read('/proc/net/netstat', where);
  return answer.known ? counterOf(answer.value, COUNTER) : null;
}

/** Does the last ACK of one more handshake make the counter rise? `open` begins it, and gives its socket. */
export async function isDeferred(
  machine: Machine,
  where: Netns | null,
  open: () => ProbeSocket | null,
): Promise<boolean> {
  const before = counted(machine, where);
  const socket = before === null ? null : open();
  if (before === null || !socket) return false;
  try {
    if (socket.send() !== null) return false;
    await pause(machine, ARRIVING);
    return (counted(machine, where) ?? before) > before;
  } finally {
    socket.close();
  }
}
