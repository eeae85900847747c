/** Who may put something else at a path: asked before what lies there is believed or overwritten. */
import { lstatSync, readFileSync, readlinkSync, type Stats } from 'node:fs';
import path from 'node:path';
import { type Answer, known, notKnown } from '../model/answer.ts';

/** Links followed at most, as path_resolution(7) does. */
const LINKS = 40;
const OTHERS_WRITE = 0o022;
const GROUP_WRITES = 0o020;
const STICKY = 0o1000;

/** Owners that have no id in this user namespace are shown as this one (/proc/sys/kernel/overflowuid). */
const OVERFLOW = 65534;

/** In a namespace of its own (a demo without root), the host's root is none of the owners that can be told. */
function seesAllOwners(): boolean {
  try {
    return /^\s*0\s+0\s+4294967295\s*$/.test(readFileSync('/proc/self/uid_map', 'utf8'));
  } catch {
    return true;
  }
}

/** Why others than root and this user could change what is there; null where they could not. */
function weakness(at: string, stats: Stats, above: boolean): string | null {
  const me = process.getuid?.() ?? -1;
  const unseen = above && stats.uid === OVERFLOW && !seesAllOwners();
  if (stats.uid !== 0 && stats.uid !== me && !unseen) return `${at} belongs to user ${stats.uid}`;
  if (stats.isSymbolicLink()) return null;
  const others = stats.mode & OTHERS_WRITE;
  // In a sticky folder nobody moves what is another's; a group of one's own is nobody else.
  if (others === 0 || (above && stats.isDirectory() && stats.mode & STICKY)) return null;
  const own = stats.gid === 0 || (me !== 0 && stats.gid === process.getgid?.());
  return others === GROUP_WRITES && own ? null : `${at} can be written by others`;
}

function weakest(file: string, links: { left: number }): string | null {
  const parts = path.resolve(file).split('/').filter(Boolean);
  let at = '/';
  for (const [index, part] of ['', ...parts].entries()) {
    at = path.join(at, part);
    const stats = lstatSync(at, { throwIfNoEntry: false });
    if (!stats) return null;
    const because = weakness(at, stats, index < parts.length);
    if (because !== null) return because;
    if (!stats.isSymbolicLink()) continue;
    if (links.left-- <= 0) return `${at} leads in a circle`;
    const target = path.resolve(path.dirname(at), readlinkSync(at));
    return weakest(path.join(target, ...parts.slice(index)), links);
  }
  return null;
}

/**
 * Nobody but root and this user may change the file, any folder above it, or where a link on the way leads. What is
 * not there yet is judged by the folders that are. The refusal names the first place where others could.
 */
export function ownedAlone(file: string): Answer<void> {
  const source = ['namei', '-l', file];
  try {
    const because = weakest(file, { left: LINKS });
    return because === null ? known(undefined, source) : notKnown('no-permission', because, source);
  } catch (error) {
    return notKnown('unreadable', `${file}: ${(error as NodeJS.ErrnoException).code ?? 'EIO'}`, source);
  }
}
