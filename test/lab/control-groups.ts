import { existsSync, readdirSync, rmdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = '/sys/fs/cgroup';

/** Removes the control group of this name from every hierarchy, with the empty groups inside it. */
export function removeGroups(name: string): void {
  // With version 1 beside version 2 there is a hierarchy for each controller.
  for (const hierarchy of [ROOT, ...readdirSync(ROOT).map((entry) => join(ROOT, entry))]) {
    const group = join(hierarchy, name);
    if (existsSync(group)) remove(group);
  }
}

function remove(group: string): void {
  for (const entry of readdirSync(group)) {
    const path = join(group, entry);
    if (statSync(path).isDirectory()) remove(path);
  }
  for (let left = 40; ; left -= 1) {
    try {
      rmdirSync(group);
      return;
    } catch (error) {
      // A process that was killed is in it until the kernel has taken it apart.
      if ((error as NodeJS.ErrnoException).code !== 'EBUSY' || left === 0) throw error;
      Atomics.wait(clock, 0, 0, 25);
    }
  }
}

const clock = new Int32Array(new SharedArrayBuffer(4));
