import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';

/** The ids of all processes that live in this network namespace; the path is its handle. */
export function processesIn(namespace: string): number[] {
  const inode = inodeOf(namespace);
  if (inode === undefined) return [];
  return allProcesses().filter((pid) => namespaceOf(pid) === `net:[${inode}]`);
}

/** The ids of all processes that run a file of this folder, or were told one, in whatever namespace they live. */
export const startedFrom = (folder: string): number[] =>
  allProcesses().filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
        .split('\0')
        .some((word) => word.startsWith(`${folder}/`));
    } catch {
      return false;
    }
  });

/** These processes and all that they have started, as long as the chain of parents holds. */
export function descendants(ancestors: Iterable<number>): number[] {
  const found = new Set(ancestors);
  const parents = new Map(allProcesses().map((pid) => [pid, parentOf(pid)]));
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const [pid, parent] of parents) if (parent !== undefined && found.has(parent)) found.add(pid);
  }
  return [...found];
}

function allProcesses(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function parentOf(pid: number): number | undefined {
  try {
    return Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  } catch {
    return undefined;
  }
}

/** Ends processes by their id and waits until they hold no namespace any more; those gone already are fine. */
export function end(pids: Iterable<number>): void {
  const asked = [...pids];
  for (const pid of asked) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It was faster.
    }
  }
  for (let left = 100; left > 0 && asked.some((pid) => namespaceOf(pid) !== undefined); left -= 1) pause(10);
}

/** Waits without giving way to the event loop, for what must also work while a process ends. */
export function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

function inodeOf(namespace: string): number | undefined {
  try {
    return statSync(namespace).ino;
  } catch {
    return undefined;
  }
}

/** The namespace of a process, as the kernel writes it; none once the process has ended. */
export function namespaceOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch {
    return undefined;
  }
}
