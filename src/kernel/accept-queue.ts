/** What a listening socket has in its queue, and who else listens with it: sock_diag(7), inet_csk_accept(). */

import { unmapped } from '../model/ends.ts';
import type { Family } from '../model/flow.ts';
import type { SocketState } from '../model/socket.ts';

/** The server's side of a connection, by both its ports. */
export interface Ends {
  readonly port: number;
  readonly peer: number;
}

/** Connections that stand, of these ends: an address may be translated, and tells nothing more. */
export const connectionsOf = (sockets: readonly SocketState[], ends: readonly Ends[]): SocketState[] =>
  sockets.filter(
    ({ proto, state, sourcePort, destinationPort }) =>
      proto === 'tcp' &&
      (state === 'ESTAB' || state === 'CLOSE-WAIT') &&
      ends.some((one) => one.port === sourcePort && one.peer === destinationPort),
  );

/** No program has it yet: the file of a connection is made when it is accepted. */
export const isQueued = ({ inode }: SocketState): boolean => inode === 0;

/** The listening sockets that take connections to this address and port: several share them by SO_REUSEPORT. socket(7) */
export function takersOf(
  sockets: readonly SocketState[],
  { address, port, family }: { readonly address: string; readonly port: number; readonly family: Family },
): SocketState[] {
  const all = sockets.filter(
    (one) => one.state === 'LISTEN' && one.proto === 'tcp' && one.sourcePort === port,
  );
  const bound = (...names: string[]): SocketState[] =>
    all.filter(({ source }) => names.includes(unmapped(source)));
  // The more specific comes first: inet_lookup_listener().
  const choices = [bound(address), ...(family === 4 ? [bound('0.0.0.0')] : []), bound('::', '*')];
  return choices.find((some) => some.length > 0) ?? [];
}

/** The listeners whose queue has grown shorter between two looks: only accept() takes from it. */
export const shortened = (before: readonly SocketState[], after: readonly SocketState[]): number[] =>
  after.flatMap(({ inode, receiveQueue }) => {
    const was = before.find((one) => one.inode === inode);
    return was && receiveQueue < was.receiveQueue ? [inode] : [];
  });
