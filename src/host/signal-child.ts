import type { ChildProcess } from 'node:child_process';

/**
 * Sends a signal to a process that was started, and none where the kernel refused to start it: as long as Node.js has not told
 * of that, it sends the signal to whatever number lies where the process's would, and 0 is this program's own group. kill(2)
 */
export function signalChild(child: Pick<ChildProcess, 'pid' | 'kill'>, signal: NodeJS.Signals): void {
  if (child.pid !== undefined) child.kill(signal);
}
