/** A tree as a machine of its own: mounts, processes and network are apart from this machine's, the kernel is not. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';

const ROOT = join(import.meta.dirname, '../..');
const INSIDE = join(import.meta.dirname, 'inside.sh');

export interface Tree {
  readonly tree: string;
  readonly groups?: 2 | undefined;
}

/**
 * Runs `script` (bash) in the checkout, with the tree for its system and this machine's Node. What it writes below `$OUT`
 * is found in `out`, with all that it said in `log` and its exit code in `rc`. The tree itself is not written to.
 */
export async function enclosed(
  { tree, groups }: Tree,
  script: string,
  out: string,
  minutes: number,
): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), 'netdoctor-engine-'));
  const remove = (): void => rmSync(scratch, { recursive: true, force: true });
  process.once('exit', remove);
  writeFileSync(join(out, 'run'), script);
  const apart = [
    '--mount',
    '--net',
    '--pid',
    '--ipc',
    '--uts',
    '--fork',
    '--kill-child',
    '--propagation',
    'private',
  ];
  const words = [tree, scratch, out, ROOT, process.execPath, String(process.pid), String(groups ?? '')];
  try {
    await execa('unshare', [...apart, 'bash', INSIDE, ...words], {
      // What this machine sets for its own programs is nothing to the tree's.
      extendEnv: false,
      env: { PATH: process.env.PATH },
      timeout: minutes * 60_000,
      // unshare(1) that waits for its child takes no gentler one; what is inside dies with it.
      killSignal: 'SIGKILL',
      reject: false,
      stdin: 'ignore',
      stdout: 'ignore',
      stderr: 'inherit',
    });
  } finally {
    remove();
    process.off('exit', remove);
  }
}
