/**
 * Files of the kernel that stay open while they are read again and again. Finding one of /proc/sys takes ten times as long as
 * reading it (measured: 40 µs and 3 µs), and a namespace must be entered for it; an open one is of the namespace that it was
 * found in, and does not keep that alive.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import type { Netns } from '../model/netns.ts';
import type { HeldFiles } from './machine.ts';
import { CannotEnter, inside } from './sys/namespace.ts';

/** A list of reserved ports may be long. Bytes. */
const MOST = 65_536;
const buffer = Buffer.alloc(MOST);

export function holdFiles(files: readonly string[], where: Netns | null): HeldFiles {
  const held: (number | null)[] = files.map(() => null);
  let isOver = false;
  const open = (): void => {
    if (!held.includes(null)) return;
    try {
      inside(where, () => {
        for (const [at, file] of files.entries()) held[at] ??= opened(file);
      });
    } catch (error) {
      if (!(error instanceof CannotEnter)) throw error;
    }
  };
  return {
    read() {
      if (isOver) return files.map(() => null);
      // What was not there may be by now, and an interface of the same name another one.
      open();
      return held.map((fd, at) => {
        const text = fd === null ? null : textOf(fd);
        if (fd !== null && text === null) {
          closeSync(fd);
          held[at] = null;
        }
        return text;
      });
    },
    close() {
      isOver = true;
      for (const [at, fd] of held.entries()) {
        if (fd !== null) closeSync(fd);
        held[at] = null;
      }
    },
  };
}

function opened(file: string): number | null {
  try {
    return openSync(file, 'r');
  } catch {
    return null;
  }
}

/** Null: it is gone, or must not be read. */
function textOf(fd: number): string | null {
  try {
    return buffer.toString('utf8', 0, readSync(fd, buffer, 0, MOST, 0));
  } catch {
    return null;
  }
}
