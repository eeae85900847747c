/**
 * The links of a large namespace, told once: what is asked for again soon after is only what may be another thing now. The
 * others stand, since the kernel would have told those who listen of a change. rtnetlink(7), RTNLGRP_LINK and RTNLGRP_TC.
 */
import { libc } from '../../sys/libc.ts';
import { NETLINK_ROUTE } from '../netlink.ts';
import { join } from '../netlink-groups.ts';
import type { LinkTold } from './link.ts';

/** RTNLGRP_LINK, RTNLGRP_TC: linux/rtnetlink.h */
const GROUPS = [1, 4];
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
  const listening = listenToLinks(inode);
  let links: LinkTold[] = [];
  try {
    links = readAll();
    return links;
  } finally {
    listening.keep(links);
  }
}

/** What changes from now on is heard of. `keep` those that are told, none where they could not be, so that nobody listens on. */
export function listenToLinks(inode: number): { keep(links: readonly LinkTold[]): void } {
  forgetLinks(inode);
  const listener = join({ protocol: NETLINK_ROUTE, groups: GROUPS });
  return {
    keep(links) {
      if (typeof listener === 'string') return;
      if (links.length < LARGE) libc().close(listener);
      else keep(inode, { listener, links });
    },
  };
}

function keep(inode: number, kept: Standing): void {
  // Somebody else may have had them told in the meantime.
  forgetLinks(inode);
  const [oldest] = standing.keys();
  if (standing.size >= MOST && oldest !== undefined) forgetLinks(oldest);
  standing.set(inode, kept);
}

/** Those that were kept, if the kernel has told of no change of any of them since. */
export function unchangedLinks(inode: number): readonly LinkTold[] | undefined {
  const kept = standing.get(inode);
  return kept && isQuiet(kept.listener) ? kept.links : undefined;
}

/** They are not to stand any longer. */
export function forgetLinks(inode: number): void {
  const kept = standing.get(inode);
  if (kept) libc().close(kept.listener);
  standing.delete(inode);
}

const EAGAIN = 11;
const heard = Buffer.alloc(16);

/** Nothing has come; that more has come than there was room for is an error of its own. netlink(7) */
function isQuiet(fd: number): boolean {
  const c = libc();
  return c.recvfrom(fd, heard, heard.length, 0, null, null) < 0 && c.errno() === EAGAIN;
}
