import { execa, type Options } from 'execa';
import { descendants, end } from './processes.ts';

const APART = ['--mount', '--net', '--pid', '--ipc', '--uts', '--propagation', 'private'];

/**
 * Runs a program apart from this machine, until it ends or for so many minutes: its mounts, network and processes are its
 * own, and go with it. How it ended is not told; what it says on its standard error is this process's. unshare(1)
 */
export async function runApart(
  argv: readonly string[],
  minutes: number,
  options: Pick<Options, 'env' | 'extendEnv' | 'stdout'>,
): Promise<void> {
  const running = execa('unshare', [...APART, '--fork', '--kill-child', ...argv], {
    ...options,
    timeout: minutes * 60_000,
    // unshare(1) that waits for its child takes no gentler one; what is inside dies with it.
    killSignal: 'SIGKILL',
    reject: false,
    stdin: 'ignore',
    stderr: 'inherit',
  });
  const stop = (): void => end(descendants(running.pid === undefined ? [] : [running.pid]));
  // Before anything is removed that it may still write to.
  process.prependOnceListener('exit', stop);
  await running;
  process.off('exit', stop);
}
