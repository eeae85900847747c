/** What this thread makes, made as another user would: setfsuid(2), setfsgid(2). */
import type { User } from '../../model/socket.ts';
import { libc } from './libc.ts';

/**
 * Runs `work` with the ids by which files are made. Of a socket the kernel keeps them for good: rules of routing (uidrange) and
 * of firewalls (owner, skuid, skgid) choose by them; sock_alloc(), net/socket.c. They are of this thread alone, and take no
 * right over networks from it: capabilities(7). Synchronous, and back at once, also when it throws. Whoever may not has his own.
 */
export function asUser<T>(user: User | undefined, work: () => T): T {
  if (!user) return work();
  const c = libc();
  // Both answer with what was there before, whatever came of it. The group first: it takes a right that the user's id takes away.
  const group = c.setfsgid(user.gid);
  const own = c.setfsuid(user.uid);
  try {
    return work();
  } finally {
    c.setfsuid(own);
    c.setfsgid(group);
  }
}
