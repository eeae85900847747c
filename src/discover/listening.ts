/** A process that holds a listening socket, and what keeps it from taking what comes: proc_pid_status(5), cgroups(7). */
import type { Machine } from '../host/machine.ts';
import type { Holder } from '../model/socket.ts';
import type { Listening } from '../model/untaken.ts';
import { cgroupOf, isFrozen } from './facts/cgroup.ts';
import { openFilesOf } from './facts/open-files.ts';

export function listeningOf(machine: Machine, holder: Holder): Listening {
  const status = machine.read(`/proc/${holder.pid}/status`);
  const isStopped = status.known && /^State:\s+[Tt]/m.test(status.value);
  const cgroup = isStopped ? null : cgroupOf(machine, holder.pid);
  const isPaused = cgroup !== null && isFrozen(machine, cgroup);
  return {
    ...holder,
    halted: isStopped ? 'stopped' : isPaused ? 'paused' : null,
    files: openFilesOf(machine, holder.pid),
  };
}
