/** The other side of a program's own connections, where it is on this host too: do they wait there, and for whom? */
import { eachNamespace } from '../../discover/path/namespaces.ts';
import { holds } from '../../discover/path/owner.ts';
import type { Machine } from '../../host/machine.ts';
import { takersOf } from '../../kernel/accept-queue.ts';
import { farSides } from '../../kernel/speaks-for.ts';
import type { Netns } from '../../model/netns.ts';
import type { SocketState } from '../../model/socket.ts';
import { look } from './carried-on.ts';

export interface FarSide {
  readonly netns: Netns;
  /** One for each of them. */
  readonly sides: readonly SocketState[];
  /** Those that listen for more of them. */
  readonly listeners: readonly SocketState[];
  /** As it is now; null where one of them is gone. */
  again(): FarSide | null;
}

/** Null where it is not on this host, where a rule leads elsewhere, and where nobody may look. Source: sock_diag(7), /proc/net/fib_trie. */
export function farSideOf(machine: Machine, from: Netns, own: readonly SocketState[]): FarSide | null {
  const [first] = own;
  if (!first) return null;
  const beside = sidesIn(machine, from, own);
  if (beside || holds(machine, from, first.destination) === true) return beside;
  for (const netns of eachNamespace(machine)) {
    if (netns.inode === from.inode || holds(machine, netns, first.destination) !== true) continue;
    const found = sidesIn(machine, netns, own);
    if (found) return found;
  }
  return null;
}

/** May it be on this host, where nobody could look? */
export function isHidden(machine: Machine, from: Netns, address: string): boolean {
  if (holds(machine, from, address) === true) return false;
  let isUnread = false;
  for (const netns of eachNamespace(machine)) {
    if (netns.inode === from.inode) continue;
    const held = holds(machine, netns, address);
    if (held) return false;
    // One that has gone meanwhile holds nothing any more.
    isUnread ||= held === null && machine.netns(netns.path).known;
  }
  return isUnread;
}

function sidesIn(machine: Machine, netns: Netns, own: readonly SocketState[]): FarSide | null {
  const sockets = look({ machine, netns });
  const sides = farSides(own, sockets);
  if (sides.length < own.length) return null;
  const [{ destination: address, destinationPort: port, family }] = own as [SocketState];
  const listeners = takersOf(sockets, { address, port, family });
  return { netns, sides, listeners, again: () => sidesIn(machine, netns, own) };
}
