/** Entering a network namespace for the length of a synchronous call: setns(2) on the main thread. */
import { closeSync, openSync, statSync } from 'node:fs';
import { type Answer, notKnown } from '../../model/answer.ts';
import type { Netns } from '../../model/netns.ts';
import { errnoName, libc } from './libc.ts';

const CLONE_NEWNET = 0x40000000;
/** `/proc/self` is the process's first thread; setns moves the calling one. */
const OWN = '/proc/thread-self/ns/net';

let home: number | undefined;

export class CannotEnter extends Error {
  readonly errno: string;
  constructor(errno: string, path: string) {
    super(`cannot enter the network namespace ${path}: ${errno}`);
    this.errno = errno;
  }
}

/**
 * Runs `work` inside the namespace. `work` must be synchronous: whatever it leaves for later would happen outside.
 * If the way back fails, the process ends: it would otherwise act in a stranger's namespace.
 */
export function inside<T>(netns: Netns | null | undefined, work: () => T): T {
  if (!netns) return work();
  home ??= openSync(OWN, 'r');
  let door: number;
  try {
    door = openSync(netns.path, 'r');
  } catch (error) {
    throw new CannotEnter((error as NodeJS.ErrnoException).code ?? 'EIO', netns.path);
  }
  try {
    if (libc().setns(door, CLONE_NEWNET) !== 0) throw new CannotEnter(errnoName(libc().errno()), netns.path);
    try {
      return work();
    } finally {
      if (libc().setns(home, CLONE_NEWNET) !== 0) process.abort();
    }
  } finally {
    closeSync(door);
  }
}

/** What `work` answers inside of the namespace; where that one cannot be entered, why. `source`: what shows the same by hand. */
export function answeredInside<T>(
  netns: Netns | null | undefined,
  source: readonly string[],
  work: () => Answer<T>,
): Answer<T> {
  try {
    return inside(netns, work);
  } catch (error) {
    if (error instanceof CannotEnter)
      return notKnown(error.errno === 'ENOENT' ? 'vanished' : 'no-permission', error.message, source);
    throw error;
  }
}

/** The namespace this program runs in. The path names the process, so that children can use it too. */
export function ownNamespace(): Netns {
  const path = `/proc/${process.pid}/ns/net`;
  return { inode: statSync(path).ino, path };
}
