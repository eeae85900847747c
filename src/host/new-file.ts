/**
 * A file that is written piece by piece and must never hold less than was announced: a new one of this name, for its owner
 * alone, who is the person behind sudo. What did not go in whole is taken back, so that it ends with a whole piece.
 */
import {
  closeSync,
  constants,
  fchownSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  rmSync,
  writeSync,
} from 'node:fs';
import type { Answer } from '../model/answer.ts';
import { attempt } from './files.ts';

export interface NewFile {
  /** Bytes in it. */
  readonly size: number;
  /** Null: all of it is in the file; else the errno name, and nothing of it is. */
  write(bytes: Uint8Array): string | null;
  /** Null, or the errno name of what was not kept. */
  close(): string | null;
  /** Closes and removes it. */
  discard(): void;
}

const FLAGS = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

/** `EEXIST` in the detail: there is something of that name already, a dangling link included. open(2), O_EXCL. */
export const newFile = (file: string, env: Readonly<Record<string, string | undefined>>): Answer<NewFile> =>
  attempt(['create', file], () => {
    const fd = openSync(file, FLAGS, 0o600);
    const person = behindSudo(env);
    try {
      if (person) fchownSync(fd, person.user, person.group);
    } catch (error) {
      closeSync(fd);
      rmSync(file);
      throw error;
    }
    return fileOf(fd, file);
  });

function fileOf(fd: number, file: string): NewFile {
  let size = 0;
  return {
    get size() {
      return size;
    },
    write(bytes) {
      try {
        for (let done = 0; done < bytes.length; )
          done += writeSync(fd, bytes, done, bytes.length - done, size + done);
        size += bytes.length;
        return null;
      } catch (error) {
        ftruncateSync(fd, size);
        return codeOf(error);
      }
    },
    close() {
      try {
        fsyncSync(fd);
        return null;
      } catch (error) {
        return codeOf(error);
      } finally {
        closeSync(fd);
      }
    },
    discard() {
      closeSync(fd);
      rmSync(file, { force: true });
    },
  };
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? 'EIO';

/** The person who typed sudo, where root was had by it: sudo(8), SUDO_UID and SUDO_GID. */
export function behindSudo(
  env: Readonly<Record<string, string | undefined>>,
): { readonly user: number; readonly group: number } | null {
  const [user, group] = [env.SUDO_UID, env.SUDO_GID].map((id) =>
    /^\d{1,10}$/.test(id ?? '') ? Number(id) : null,
  );
  return process.getuid?.() === 0 && user != null && group != null ? { user, group } : null;
}
