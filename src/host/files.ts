/** Small files of the machine, read and written at once: the kernel's answer is a value, and so is its refusal. */
import { randomBytes } from 'node:crypto';
import {
  appendFileSync,
  closeSync,
  existsSync,
  fsyncSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { rmdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Answer, type Because, known, notKnown } from '../model/answer.ts';
import { Failure } from '../model/failure.ts';
import type { Netns } from '../model/netns.ts';
import { makeFolders } from './folders.ts';
import { CannotEnter, inside } from './sys/namespace.ts';

const BECAUSE: Readonly<Record<string, Because>> = {
  EACCES: 'no-permission',
  EPERM: 'no-permission',
  ENOENT: 'vanished',
  ENOTDIR: 'vanished',
  ESRCH: 'vanished',
};

export function attempt<T>(source: readonly string[], work: () => T): Answer<T> {
  try {
    return known(work(), source);
  } catch (error) {
    // What netdoctor itself lacks says nothing of the file.
    if (error instanceof Failure) throw error;
    const code =
      error instanceof CannotEnter ? error.errno : ((error as NodeJS.ErrnoException).code ?? 'EIO');
    return notKnown(BECAUSE[code] ?? 'unreadable', `${source.at(-1)}: ${code}`, source);
  }
}

export const readText = (file: string, where?: Netns | null): Answer<string> =>
  attempt(['cat', file], () => inside(where, () => readFileSync(file, 'utf8')));

export const listNames = (directory: string, where?: Netns | null): Answer<readonly string[]> =>
  attempt(['ls', directory], () => inside(where, () => readdirSync(directory)));

export const readLink = (file: string): Answer<string> =>
  attempt(['readlink', file], () => readlinkSync(file));

export const namespaceAt = (file: string): Answer<Netns> =>
  attempt(['stat', '-Lc', '%i', file], () => ({ inode: statSync(file).ino, path: file }));

export interface WriteOptions {
  readonly mode?: number;
  readonly append?: boolean;
  /** Written beside, synced and renamed, so that a crash leaves the old or the new text, never half of one. */
  readonly sync?: boolean;
  /** In place of a regular file or a link that has this name, in a folder that is there; a new one is for its owner alone. */
  readonly whole?: boolean;
}

export function writeText(file: string, text: string, options: WriteOptions = {}): Answer<void> {
  return attempt(['write', file], () => {
    if (options.sync) return replaceSynced(file, text, options.mode);
    if (options.whole) return replaceWhole(file, text);
    if (options.append) return appendFileSync(file, text, { mode: options.mode ?? 0o666 });
    // Kernel files (tracefs, proc, cgroup) exist already, and want one write without truncation games.
    writeFileSync(file, text, { mode: options.mode ?? 0o666, flag: existsSync(file) ? 'r+' : 'w' });
  });
}

/** Nothing of an older, longer text remains, and whoever reads meanwhile reads the old one. */
function replaceWhole(file: string, text: string): void {
  const before = lstatSync(file, { throwIfNoEntry: false });
  // A device or a FIFO would be gone for everybody.
  if (before && !before.isFile() && !before.isSymbolicLink())
    throw Object.assign(new Error(file), { code: 'not a regular file' });
  replace(file, text, before?.isFile() ? before.mode & 0o777 : 0o600);
}

function replaceSynced(file: string, text: string, mode = 0o600): void {
  makeFolders(path.dirname(file), 0o700);
  replace(file, text, mode);
}

function replace(file: string, text: string, mode: number): void {
  // A name that nobody can foretell, and never one that is there already: a link would lead elsewhere.
  const beside = `${file}.${randomBytes(6).toString('hex')}.new`;
  const fd = openSync(beside, 'wx', mode);
  try {
    try {
      writeFileSync(fd, text);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(beside, file);
  } catch (error) {
    // A full disk must not be left with half a file.
    rmSync(beside, { force: true });
    throw error;
  }
  const folder = openSync(path.dirname(file), 'r');
  fsyncSync(folder);
  closeSync(folder);
}

export const removeFile = (file: string): Answer<void> =>
  attempt(['rm', file], () => {
    if (statSync(file).isDirectory()) rmdirSync(file);
    else rmSync(file);
  });

export const makeFolder = (directory: string): Answer<void> =>
  attempt(['mkdir', '-p', directory], () => makeFolders(directory));

async function attemptLater(source: readonly string[], work: () => Promise<void>): Promise<Answer<void>> {
  try {
    return known(await work(), source);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'EIO';
    return notKnown(BECAUSE[code] ?? 'unreadable', `${source.at(-1)}: ${code}`, source);
  }
}

export const writeLater = (file: string, text: string): Promise<Answer<void>> =>
  attemptLater(['write', file], () => writeFile(file, text, { flag: 'r+' }));

export const removeLater = (directory: string): Promise<Answer<void>> =>
  attemptLater(['rmdir', directory], () => rmdir(directory));
