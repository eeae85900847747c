/** Whose the listening sockets of a port are, and which of them take connections. */
import { listeningOf } from '../../discover/listening.ts';
import { allHoldersOf } from '../../discover/socket-holders.ts';
import type { Machine } from '../../host/machine.ts';
import type { Netns } from '../../model/netns.ts';
import type { SocketState } from '../../model/socket.ts';
import type { Taker } from '../../model/untaken.ts';
import { processName } from '../../words/telling.ts';

/** Processes of one socket that are looked at, at most: a server may have forked hundreds. */
const MOST = 8;

/**
 * Listeners whose own process has one of these accepted connections. Where several listeners are in the same hands nobody can
 * tell which of them it came from: those are not told.
 */
export function aliveByHolder(
  machine: Machine,
  netns: Netns,
  takers: readonly SocketState[],
  accepted: readonly SocketState[],
): number[] {
  const wanted = new Set([...takers, ...accepted].map(({ inode }) => inode));
  const holders = allHoldersOf(machine, netns.inode, wanted);
  const pidsOf = (inode: number): number[] => (holders[inode] ?? []).map(({ pid }) => pid);
  const accepting = new Set(accepted.flatMap(({ inode }) => pidsOf(inode)));
  return takers
    .map(({ inode }) => inode)
    .filter((inode) => {
      const others = new Set(takers.filter((one) => one.inode !== inode).flatMap((one) => pidsOf(one.inode)));
      return pidsOf(inode).some((pid) => accepting.has(pid) && !others.has(pid));
    });
}

/** Might one of these listeners have accepted one of these connections, for all that anybody can see of whose they are? */
export function mayHaveAccepted(
  machine: Machine,
  netns: Netns,
  takers: readonly SocketState[],
  accepted: readonly SocketState[],
): boolean {
  const all = [...takers, ...accepted].map(({ inode }) => inode);
  const holders = allHoldersOf(machine, netns.inode, new Set(all));
  return accepted.length > 0 && all.some((inode) => holders[inode] === undefined);
}

/** Each listener with its queue and the processes that hold it. */
export function described(
  machine: Machine,
  netns: Netns,
  takers: readonly SocketState[],
  stuck: readonly SocketState[],
): Taker[] {
  const holders = allHoldersOf(machine, netns.inode, new Set(takers.map(({ inode }) => inode)));
  return takers.map(({ source, sourcePort, inode, receiveQueue, sendQueue }) => ({
    address: source,
    port: sourcePort,
    inode,
    waiting: receiveQueue,
    most: sendQueue,
    stuck: stuck.some((one) => one.inode === inode),
    holders: (holders[inode] ?? []).slice(0, MOST).map((one) => listeningOf(machine, one)),
  }));
}

/** `python3 (pid 12)`, who holds the socket. */
export function nameOf(machine: Machine, netns: Netns, { inode }: SocketState): string {
  const [first] = allHoldersOf(machine, netns.inode, new Set([inode]))[inode] ?? [];
  return processName(first);
}
