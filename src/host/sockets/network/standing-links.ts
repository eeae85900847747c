/**
 * The links of a large namespace, told once: what is asked for again soon after is only what may be another thing now. The
 * others stand, since the kernel would have told those who listen of a change. rtnetlink(7), RTNLGRP_LINK and RTNLGRP_TC.
 */
import { int, libc } from '../../sys/libc.ts';
import { AF_NETLINK, NETLINK_ROUTE, SOL_NETLINK } from '../netlink.ts';
import type { LinkTold } from './link.ts';

const SOCK_RAW_NONBLOCK_CLOEXEC = 3 | 0o4000 | 0o2000000;
const NETLINK_ADD_MEMBERSHIP = 1;
const [RTNLGRP_LINK, RTNLGRP_TC] = [1, 4];
/** All links of a smaller one are told faster than it is found out which have changed. */
const LARGE = 64;
/** Namespaces that are listened to at a time. */
const MOST = 4;

interface Standing {
  readonly listener: number;
  readonly links: readonly LinkTold[];
}

/** By the inode of the namespace; 0: this program's own. */
const standing = new Map<number, Standing>();

/** Has `readAll` tell them all in the namespace that this thread is in, and keeps them where they are many. */
export function keptLinks(inode: number, readAll: () => LinkTold[]): LinkTold[] {
  forget(inode);
  // What changes while they are told is heard of too.
  const listener = listen();
  const links = readAll();
  if (listener === null) return links;
  if (links.length < LARGE) libc().close(listener);
  else {
    const [oldest] = standing.keys();
    if (standing.size >= MOST && oldest !== undefined) forget(oldest);
    standing.set(inode, { listener, links });
  }
  return links;
}

/** Those that were kept, if the kernel has told of no change of any of them since. */
export function unchangedLinks(inode: number): readonly LinkTold[] | undefined {
  const kept = standing.get(inode);
  return kept && isQuiet(kept.listener) ? kept.links : undefined;
}

function forget(inode: number): void {
  const kept = standing.get(inode);
  if (kept) libc().close(kept.listener);
  standing.delete(inode);
}

function listen(): number | null {
  const c = libc();
  const fd = c.socket(AF_NETLINK, SOCK_RAW_NONBLOCK_CLOEXEC, NETLINK_ROUTE);
  if (fd < 0) return null;
  const address = Buffer.alloc(12);
  address.writeUInt16LE(AF_NETLINK, 0);
  const joined =
    c.bind(fd, address, address.length) === 0 &&
    [RTNLGRP_LINK, RTNLGRP_TC].every(
      (group) => c.setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, int(group), 4) === 0,
    );
  if (joined) return fd;
  c.close(fd);
  return null;
}

const EAGAIN = 11;
const heard = Buffer.alloc(16);

/** Nothing has come; that more has come than there was room for is an error of its own. netlink(7) */
function isQuiet(fd: number): boolean {
  const c = libc();
  return c.recvfrom(fd, heard, heard.length, 0, null, null) < 0 && c.errno() === EAGAIN;
}
