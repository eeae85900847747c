/** The one reader for files that a stranger may have written, replaced or made something else: never a device, never for long. */
import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readSync,
  type Stats,
  statfsSync,
  statSync,
} from 'node:fs';
import { type Answer, known, notKnown } from '../model/answer.ts';
import { attempt } from './files.ts';
import type { FileIdentity, ForeignRules } from './machine.ts';

const MOST = 64 * 1024;
/** What is made room for at first. Bytes. */
const USUAL = 8 * 1024;
/** Names the file and opens nothing: a device does not begin, a FIFO does not wait. open(2); Node has no name for it. */
const O_PATH = 0o10000000;

/** Files of these have no size and may wait, or act, when read: statfs(2), linux/magic.h. */
const KERNEL_FILES: Readonly<Record<number, string>> = {
  40864: 'proc',
  1650812274: 'sysfs',
  1953653091: 'tracefs',
  1684170528: 'debugfs',
  2613483: 'cgroup',
  1667723888: 'cgroup2',
  1935894131: 'securityfs',
  3405662737: 'bpf',
  1650812272: 'configfs',
};
/** A program of its owner answers each read, when it likes. */
const FUSE = 0x65735546;

/**
 * Opens a file for reading, once it is known to be a regular one that the rules allow. What it is, is asked of a descriptor that
 * opens nothing (O_PATH), and that very file is opened then through /proc/self/fd, so that nobody can put another in its place
 * between the two. `unreadable` says what the file is instead. The descriptor is the caller's to close.
 */
export function openForeign(file: string, rules: ForeignRules): Answer<number> {
  const source = ['cat', file];
  const answer = attempt(source, (): { fd: number } | { refusal: string } => {
    const name = openSync(file, O_PATH | (rules.trusted ? 0 : constants.O_NOFOLLOW));
    try {
      const door = `/proc/self/fd/${name}`;
      const refusal = refused(fstatSync(name), rules) ?? refusedPlace(statfsSync(door).type, rules);
      if (refusal !== undefined) return { refusal };
      return { fd: openSync(door, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY) };
    } finally {
      closeSync(name);
    }
  });
  if (!answer.known) return answer;
  return 'fd' in answer.value ? known(answer.value.fd, source) : isNone(file, answer.value.refusal);
}

const isNone = (file: string, refusal: string): Answer<never> =>
  notKnown('unreadable', `${file} ${refusal}`, ['cat', file]);

/** The text of a regular file of limited size. */
export function readForeign(file: string, rules: ForeignRules = {}): Answer<string> {
  const opened = openForeign(file, rules);
  if (!opened.known) return opened;
  const answer = attempt(opened.source, () => contents(opened.value, rules));
  if (!answer.known) return answer;
  return 'text' in answer.value
    ? known(answer.value.text, opened.source)
    : isNone(file, answer.value.refusal);
}

/** Reads all of it, and closes it. */
function contents(fd: number, { most = MOST }: ForeignRules): { text: string } | { refusal: string } {
  try {
    // Most are short: to make room for the longest takes longer than to read them.
    let bytes = Buffer.allocUnsafe(Math.min(most + 1, USUAL));
    let length = 0;
    // One byte more than is taken tells that it has grown since it was asked for its size.
    while (length <= most) {
      if (length === bytes.length) bytes = Buffer.concat([bytes], Math.min(most + 1, 4 * bytes.length));
      const read = readSync(fd, bytes, length, bytes.length - length, null);
      if (read === 0) break;
      length += read;
    }
    return length > most ? tooLong(length, most) : { text: bytes.toString('utf8', 0, length) };
  } finally {
    closeSync(fd);
  }
}

function refused(stats: Stats, { owner, most = MOST }: ForeignRules): string | undefined {
  const kind = kindOf(stats);
  if (kind) return `is ${kind}`;
  if (owner !== undefined && stats.uid !== owner) return `belongs to user ${stats.uid}, not ${owner}`;
  return stats.size > most ? tooLong(stats.size, most).refusal : undefined;
}

const tooLong = (length: number, most: number) => ({
  refusal: `is ${length} bytes long, more than ${most % 1024 === 0 ? `${most / 1024} KiB` : `${most} bytes`}`,
});

/** Undefined for a regular file. */
function kindOf(stats: Stats): string | undefined {
  if (stats.isFile()) return undefined;
  if (stats.isFIFO()) return 'a FIFO';
  if (stats.isDirectory()) return 'a folder';
  if (stats.isSymbolicLink()) return 'a symbolic link';
  if (stats.isSocket()) return 'a socket';
  return stats.isBlockDevice() ? 'a block device' : 'a character device';
}

function refusedPlace(type: number, { trusted = false }: ForeignRules): string | undefined {
  if (KERNEL_FILES[type]) return `is a file of the kernel's, in ${KERNEL_FILES[type]}`;
  return type === FUSE && !trusted
    ? 'is in a file system that a program of its owner plays (FUSE)'
    : undefined;
}

/** What a path leads to: links are followed, nothing is opened. stat(2) */
export const identityOf = (file: string): Answer<FileIdentity> =>
  attempt(['stat', '-Lc', '%d %i %u %g %a', file], () => {
    const { dev, ino, uid, gid, mode } = statSync(file);
    return { device: dev, inode: ino, owner: uid, group: gid, mode: mode & 0o7777 };
  });
