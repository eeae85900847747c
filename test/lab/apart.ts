import { watch } from 'node:fs';
import { execa, type Options } from 'execa';
import { descendants, end } from './processes.ts';

const APART = ['--mount', '--net', '--pid', '--ipc', '--uts', '--propagation', 'private'];

/** Of what writes into a folder: one that has written nothing there for so many minutes stands still. */
export interface Signs {
  readonly folder: string;
  readonly minutes: number;
}

/**
 * Runs a program apart from this machine, until it ends, for so many minutes, or until it stands still: its mounts, network
 * and processes are its own, and go with it. How it ended is not told; what it says on its standard error is this process's.
 * unshare(1)
 */
export async function runApart(
  argv: readonly string[],
  minutes: number,
  options: Pick<Options, 'env' | 'extendEnv' | 'stdout'>,
  signs?: Signs,
): Promise<void> {
  const still = new AbortController();
  const listening = signs && whenStill(signs, () => still.abort());
  const running = execa('unshare', [...APART, '--fork', '--kill-child', ...argv], {
    ...options,
    timeout: minutes * 60_000,
    cancelSignal: still.signal,
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
  listening?.close();
  process.off('exit', stop);
}

/** inotify(7) */
function whenStill({ folder, minutes }: Signs, tell: () => void): { close(): void } {
  const timer = setTimeout(tell, minutes * 60_000);
  const watcher = watch(folder, { recursive: true }, () => timer.refresh());
  return {
    close() {
      clearTimeout(timer);
      watcher.close();
    },
  };
}
