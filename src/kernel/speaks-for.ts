/** Connections that programs of a namespace opened themselves, and what has come over them: struct tcp_info of linux/tcp.h. */

import { unmapped } from '../model/ends.ts';
import type { SocketState } from '../model/socket.ts';

/** The kernel's clock of them counts in ticks of up to 10 ms: jiffies, at 100 a second. Milliseconds. */
const TICK = 10;

/** Its two ends: what stays when no process holds it any more. */
export const endsOfSocket = ({ source, sourcePort, destination, destinationPort }: SocketState): string =>
  `${source} ${sourcePort} ${destination} ${destinationPort}`;

/** Those that stand, or are to, and were opened from here: nobody listens at their own port. */
export function openedThere(sockets: readonly SocketState[]): SocketState[] {
  const all = sockets.filter(({ proto }) => proto === 'tcp');
  const listening = new Set(
    all.filter(({ state }) => state === 'LISTEN').map(({ sourcePort }) => sourcePort),
  );
  return all.filter(
    ({ state, inode, sourcePort }) =>
      (state === 'ESTAB' || state === 'SYN-SENT') && inode !== 0 && !listening.has(sourcePort),
  );
}

/** A SYN that nobody has answered. */
export const isAsking = ({ proto, state, inode }: SocketState): boolean =>
  proto === 'tcp' && state === 'SYN-SENT' && inode !== 0;

/** Data was sent over it in the last so many milliseconds, all of it was acknowledged, and none has come since. */
export function isUnanswered({ state, sendQueue, receiveQueue, info }: SocketState, within: number): boolean {
  if (state !== 'ESTAB' || !info || info.acknowledged === undefined || sendQueue > 0 || receiveQueue > 0)
    return false;
  const isNew = info.received === 0;
  return (
    info.unacknowledged === 0 &&
    // The SYN is one.
    info.acknowledged > 1 &&
    info.lastDataSent <= within + TICK &&
    (isNew || info.lastDataReceived > info.lastDataSent)
  );
}

/** Of data that it sent, bytes that have been acknowledged. */
export const bytesSaid = ({ info }: SocketState): number => (info?.acknowledged ?? 1) - 1;

/**
 * Is what it said as long as what came over one of these: by itself, or behind the header that tells whom it speaks for? Version
 * 1 is a line, version 2 has 16 bytes and both ends: proxy-protocol.txt of HAProxy.
 */
export function saysAsMuch(own: SocketState, accepted: readonly SocketState[], came: number): boolean {
  const more = bytesSaid(own) - came;
  return more === 0 || accepted.some((one) => headersOf(one).includes(more));
}

function headersOf({ source, sourcePort, destination, destinationPort }: SocketState): number[] {
  const ends = [destination, source].map(unmapped);
  const isSix = ends.some((address) => address.includes(':'));
  const line = ['PROXY', isSix ? 'TCP6' : 'TCP4', ...ends, destinationPort, sourcePort].join(' ');
  return [line.length + 2, 16 + 2 * (isSix ? 18 : 6)];
}

/** It was opened in the last so many milliseconds, and nothing has come over it. tcp_finish_connect() begins to count. */
export const isNewAndSilent = ({ state, info }: SocketState, within: number): boolean =>
  state === 'ESTAB' && info?.received === 0 && info.lastDataReceived <= within + TICK;

/** The other sides of these, among the sockets of where they lead; an address may be translated on the way there. */
export const farSides = (own: readonly SocketState[], there: readonly SocketState[]): SocketState[] =>
  own.flatMap((one) => {
    const far = there.find(
      ({ proto, state, source, sourcePort, destinationPort }) =>
        proto === 'tcp' &&
        (state === 'ESTAB' || state === 'CLOSE-WAIT') &&
        source === one.destination &&
        sourcePort === one.destinationPort &&
        destinationPort === one.sourcePort,
    );
    return far ? [far] : [];
  });
