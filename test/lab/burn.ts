/** Work for every processor of this machine, which ends by itself. */
import { type ChildProcess, spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** Seconds after which one ends, also where nobody is left to end it. */
const BOUND = 60;

/** Keeps every processor busy until `stop`: one process each, renewed when its time is over. */
export function burn(): { stop(): void } {
  const burning = new Set<ChildProcess>();
  let stopped = false;
  const light = (): void => {
    const child = spawn('timeout', [`${BOUND}`, 'sha256sum', '/dev/zero'], { stdio: 'ignore' });
    burning.add(child);
    child.once('exit', () => {
      burning.delete(child);
      if (!stopped) light();
    });
  };
  const stop = (): void => {
    stopped = true;
    // timeout(1) ends what it runs when it is asked to end.
    for (const child of burning) child.kill('SIGTERM');
  };
  for (let at = 0; at < availableParallelism(); at++) light();
  process.once('exit', stop);
  return { stop };
}
