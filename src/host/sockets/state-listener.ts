/**
 * Listens to what the kernel tells of changes in a namespace's network: rtnetlink(7) as `ip monitor` hears it, and the
 * notifications of nf_tables as `nft monitor` does (NFNLGRP_NFTABLES). What has changed is not in them, but that something has.
 */
import { type Answer, known, notKnown } from '../../model/answer.ts';
import type { Netns } from '../../model/netns.ts';
import type { StateListener, StateNote } from '../machine.ts';
import { errnoName, int, libc } from '../sys/libc.ts';
import { CannotEnter, inside } from '../sys/namespace.ts';
import { pump } from '../sys/pump.ts';
import { AF_NETLINK, messages, NETLINK_NETFILTER, NETLINK_ROUTE } from './netlink.ts';

const SOCK_RAW = 3;
const SOCK_FLAGS = 0o4000 | 0o2000000;
const SOL_NETLINK = 270;
const NETLINK_ADD_MEMBERSHIP = 1;
const SOL_SOCKET = 1;
const SO_RCVBUFFORCE = 33;
const MSG_DONTWAIT = 0x40;
/** The kernel had more to tell than the socket's buffer holds: netlink(7). */
const ENOBUFS = 105;
const ROOM = 1 << 20;

/** RTNLGRP_LINK, NEIGH, TC, IPV4_IFADDR, IPV4_ROUTE, IPV4_RULE, IPV6_IFADDR, IPV6_ROUTE, IPV6_RULE: linux/rtnetlink.h. */
const ROUTE_GROUPS = [1, 3, 4, 5, 7, 8, 9, 11, 19];
/** NFNLGRP_NFTABLES: linux/netfilter/nfnetlink.h. */
const NFTABLES_GROUPS = [7];
const NFNL_SUBSYS_NFTABLES = 10;

/** Message types of linux/rtnetlink.h come in fours: new, del, get, set. */
const KINDS: Readonly<Record<number, StateNote['kind']>> = {
  16: 'link',
  20: 'address',
  24: 'route',
  28: 'neighbour',
  32: 'rule',
  36: 'queueing',
  40: 'queueing',
  44: 'queueing',
};

export function listenState(netns: Netns | null, onNote: (note: StateNote) => void): Answer<StateListener> {
  const source = ['ip', 'monitor', 'all'];
  try {
    return inside(netns, () => {
      const route = open(NETLINK_ROUTE, ROUTE_GROUPS);
      if (typeof route === 'string') return notKnown('no-permission', `rtnetlink: ${route}`, source);
      const stops = [hear(route, noteOfRoute, onNote)];
      // A kernel without nf_tables has no rules there that could change.
      const firewall = open(NETLINK_NETFILTER, NFTABLES_GROUPS);
      if (typeof firewall !== 'string') stops.push(hear(firewall, noteOfFirewall, onNote));
      return known({ stop: () => stops.forEach((stop) => void stop()) }, source);
    });
  } catch (error) {
    if (error instanceof CannotEnter) return notKnown('no-permission', error.message, source);
    throw error;
  }
}

/** A socket that has joined the groups, or why not. */
function open(protocol: number, groups: readonly number[]): number | string {
  const c = libc();
  const fd = c.socket(AF_NETLINK, SOCK_RAW | SOCK_FLAGS, protocol);
  if (fd < 0) return errnoName(c.errno());
  c.setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, int(ROOM), 4);
  const address = Buffer.alloc(12);
  address.writeUInt16LE(AF_NETLINK, 0);
  const joined =
    c.bind(fd, address, 12) === 0 &&
    groups.every((group) => c.setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, int(group), 4) === 0);
  if (joined) return fd;
  const errno = errnoName(c.errno());
  c.close(fd);
  return errno;
}

function hear(
  fd: number,
  noteOf: (type: number) => Omit<StateNote, 'at'> | undefined,
  onNote: (note: StateNote) => void,
): () => void {
  const c = libc();
  const bytes = Buffer.alloc(65_536);
  const pumped = pump(fd, () => {
    const length = c.recvfrom(fd, bytes, bytes.length, MSG_DONTWAIT, null, null);
    const at = process.hrtime.bigint();
    if (length < 0 && c.errno() === ENOBUFS) {
      onNote({ kind: 'any', gone: false, at });
      return true;
    }
    if (length <= 0) return false;
    for (const { type } of messages(bytes.subarray(0, length))) {
      const note = noteOf(type);
      if (note) onNote({ ...note, at });
    }
    return true;
  });
  return () => {
    pumped.stop();
    c.close(fd);
  };
}

function noteOfRoute(type: number): Omit<StateNote, 'at'> | undefined {
  const kind = KINDS[type & ~3];
  return kind && { kind, gone: (type & 3) === 1 };
}

/** What it was is read of the rules themselves: one command may send a hundred of these. */
const noteOfFirewall = (type: number): Omit<StateNote, 'at'> | undefined =>
  type >> 8 === NFNL_SUBSYS_NFTABLES ? { kind: 'firewall', gone: false } : undefined;
