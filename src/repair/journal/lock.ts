/** One netdoctor changes a host at a time. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Machine } from '../../host/machine.ts';
import { cannotLook } from '../../model/failure.ts';
import { because } from './journal.ts';
import { stateDirectory } from './place.ts';

export interface LockOptions {
  /** Milliseconds to wait for another netdoctor; 5000 unless told. */
  readonly patience?: number;
}

/** Runs `work` while nobody else on this host repairs or undoes. Another one that does not end is a Failure (exit 3). */
export async function alone<T>(
  machine: Machine,
  work: () => Promise<T>,
  { patience = 5000 }: LockOptions = {},
): Promise<T> {
  const file = `${stateDirectory(machine)}/lock`;
  const until = machine.now() + BigInt(patience) * 1_000_000n;
  for (;;) {
    const lock = machine.lock(file);
    if (!lock.known)
      throw cannotLook(
        'journal-unwritable',
        `the journal cannot be locked, so nothing is changed: ${because(lock.detail)}`,
        `make room or give write access to ${file}, then try again`,
      );
    if ('release' in lock.value) {
      try {
        return await work();
      } finally {
        lock.value.release();
      }
    }
    if (machine.now() >= until)
      throw cannotLook(
        'another-repair',
        `another netdoctor is changing this host${lock.value.holder ? ` (process ${lock.value.holder})` : ''}`,
        'wait until it is done, then try again',
      );
    await sleep(50);
  }
}
