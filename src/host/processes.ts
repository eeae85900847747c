/** The processes of this machine, as numbers of its /proc: proc(5). */
import type { Machine } from './machine.ts';

/** All there are; none where they cannot be listed. */
export function processes(machine: Machine): readonly string[] {
  const names = machine.list('/proc');
  return names.known ? names.value.filter((name) => /^\d+$/.test(name)) : [];
}

/** Those whose network namespace has this inode, each looked at when it is its turn. proc_pid_ns(5) */
export function* processesIn(machine: Machine, namespace: number): Generator<string> {
  for (const pid of processes(machine)) {
    const own = machine.link(`/proc/${pid}/ns/net`);
    if (own.known && own.value === `net:[${namespace}]`) yield pid;
  }
}

/** The words that a process was started with; none where they cannot be read. proc_pid_cmdline(5) */
export function argumentsOf(machine: Pick<Machine, 'read'>, pid: string): readonly string[] {
  const line = machine.read(`/proc/${pid}/cmdline`);
  return line.known ? line.value.split('\0') : [];
}

/** The word behind an option; undefined where it is not among them. */
export const wordBehind = (words: readonly string[], option: string): string | undefined =>
  words.includes(option) ? words[words.indexOf(option) + 1] : undefined;
