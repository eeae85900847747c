/**
 * Tracing instances stand in a file system, and do not go with the process that made them: the capture process, which ends
 * with its standard input, removes those of a netdoctor that was killed.
 */
import { rmdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { tracefs } from '../sys/tracefs.ts';

/** The kernel refuses as long as the dead process's pipe is open, which it is while a thread of it still waits. Milliseconds. */
const AGAIN = 5;
const ATTEMPTS = 200;

export class Guard {
  readonly #folders = new Map<string, string>();
  #ending: Promise<unknown> | undefined;

  /** Is there nothing that has to be removed? */
  get isFree(): boolean {
    return this.#folders.size === 0;
  }

  /** By a tracefs of its own: one that the other process has mounted goes with that. */
  take(name: string): void {
    const root = tracefs();
    if (root.known) this.#folders.set(name, `${root.value}/instances/${name}`);
  }

  release(name: string): void {
    this.#folders.delete(name);
  }

  /** Removes what is left to it, once. */
  end(): Promise<unknown> {
    this.#ending ??= Promise.all([...this.#folders.values()].map(remove));
    return this.#ending;
  }
}

async function remove(folder: string): Promise<void> {
  for (let left = ATTEMPTS; left > 0; left--) {
    try {
      return await rmdir(folder);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EBUSY') return;
      await sleep(AGAIN);
    }
  }
}
