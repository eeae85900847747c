/** What this thread makes, made as another user would: setfsuid(2), setfsgid(2), setgroups(2). */
import type { User } from '../../model/socket.ts';
import { libc } from './libc.ts';

/** SYS_setgroups. */
const SETGROUPS: Readonly<Partial<Record<NodeJS.Architecture, number>>> = { x64: 116, arm64: 159 };

/**
 * Runs `work` with the ids by which files are made. Of a socket the kernel keeps them for good: rules of routing (uidrange) and
 * of firewalls (owner, skuid, skgid) choose by them; sock_alloc(), net/socket.c. The supplementary groups are those of its file
 * (f_cred), by which xt_owner may choose. They are of this thread alone, and take no right over networks from it:
 * capabilities(7). Synchronous, and back at once, also when it throws. Whoever may not has his own.
 */
export function asUser<T>(user: User | undefined, work: () => T): T {
  if (!user) return work();
  const c = libc();
  // One of whom only his own group is known is in no other: netdoctor's are not his.
  const groups = user.groups ?? (user.gid === null ? undefined : []);
  const before = groups ? (process.getgroups?.() ?? []) : [];
  if (groups) setGroups(groups);
  // Both answer with what was there before, whatever came of it. The group first: it takes a right that the user's id takes away.
  const group = user.gid === null ? null : c.setfsgid(user.gid);
  const own = c.setfsuid(user.uid);
  try {
    return work();
  } finally {
    c.setfsuid(own);
    if (group !== null) c.setfsgid(group);
    if (groups) setGroups(before);
  }
}

function setGroups(groups: readonly number[]): void {
  const number = SETGROUPS[process.arch];
  if (number === undefined) return;
  libc().setgroups(number, groups.length, new Uint32Array(groups));
}
