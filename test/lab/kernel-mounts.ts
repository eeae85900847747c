import { existsSync, mkdirSync, readFileSync, rmdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { execaSync } from 'execa';
import { pause } from './processes.ts';

/**
 * The two kernel file systems that scenarios with BPF programs need, mounted inside the lab's own folder:
 * `bpf` for pinned programs, and `cg` with one control group that belongs to this lab alone.
 */
export class KernelMounts {
  /** Where programs are pinned. */
  readonly pins: string;
  /** The lab's own control group. */
  readonly group: string;
  readonly #groups: string;

  constructor(folder: string, id: string) {
    this.pins = join(folder, 'bpf');
    this.#groups = join(folder, 'cg');
    // The tree of groups is one for the whole machine, wherever it is mounted: hence the lab's id.
    this.group = join(this.#groups, id);
  }

  mount(): void {
    if (existsSync(this.pins)) return;
    mkdirSync(this.pins);
    execaSync('mount', ['-t', 'bpf', 'bpf', this.pins]);
    mkdirSync(this.#groups);
    execaSync('mount', ['-t', 'cgroup2', 'none', this.#groups]);
    mkdirSync(this.group);
  }

  /** Takes both away, and with them every pin; the processes in the group must have ended. */
  unmount(): void {
    if (existsSync(this.group)) removeGroup(this.group);
    unmountBelow(dirname(this.pins));
  }
}

/** Unmounts whatever is mounted inside a folder, the last first. */
function unmountBelow(folder: string): void {
  const mounted = readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '')
    .filter((path) => path.startsWith(`${folder}/`));
  for (const path of mounted.reverse()) execaSync('umount', [path], { reject: false });
}

/** A group can go once the last of its processes is gone, which is a moment after its end was asked for. */
function removeGroup(folder: string): void {
  for (let attempt = 0; attempt < 100 && existsSync(folder); attempt += 1) {
    try {
      rmdirSync(folder);
    } catch {
      pause(10);
    }
  }
}
