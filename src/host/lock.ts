/** flock(2): the kernel drops it with the last descriptor, so that a killed process leaves no stale lock. */
import { closeSync, constants, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { type Answer, known, notKnown } from '../model/answer.ts';
import { makeFolders } from './folders.ts';
import type { Lock } from './machine.ts';
import { libc } from './sys/libc.ts';

const LOCK_EX = 2;
const LOCK_NB = 4;
/** Never through a link, nor a FIFO that waits for its other end. */
const FLAGS =
  constants.O_RDWR | constants.O_CREAT | constants.O_APPEND | constants.O_NOFOLLOW | constants.O_NONBLOCK;

export function takeLock(file: string): Answer<Lock> {
  const source = ['flock', '-n', file];
  try {
    makeFolders(path.dirname(file), 0o700);
    // O_CLOEXEC is libuv's default: a child that lives on does not keep the lock.
    const fd = openSync(file, FLAGS, 0o600);
    if (libc().flock(fd, LOCK_EX | LOCK_NB) !== 0) {
      closeSync(fd);
      return known({ holder: Number.parseInt(readFileSync(file, 'utf8'), 10) || null }, source);
    }
    ftruncateSync(fd);
    writeSync(fd, `${process.pid}\n`);
    return known({ release: () => closeSync(fd) }, source);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'EIO';
    const because = code === 'EACCES' || code === 'EPERM' ? 'no-permission' : 'unreadable';
    return notKnown(because, `${file}: ${code}`, source);
  }
}
