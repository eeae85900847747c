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
