/** A tree as a machine of its own: mounts, processes and network are apart from this machine's, the kernel is not. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runApart } from '../lab/apart.ts';
import { inScratch } from '../lab/scratch.ts';

const ROOT = join(import.meta.dirname, '../..');
const INSIDE = join(import.meta.dirname, 'inside.sh');

export interface Tree {
  readonly tree: string;
  readonly groups?: 2 | undefined;
}

/**
 * Runs `script` (bash) in the checkout, with the tree for its system and this machine's Node. What it writes below `$OUT`
 * is found in `out`, with all that it said in `log` and its exit code in `rc`, which is not there where it was ended after
 * so many minutes. The tree itself is not written to.
 */
export async function enclosed(
  { tree, groups }: Tree,
  script: string,
  out: string,
  minutes: number,
): Promise<void> {
  writeFileSync(join(out, 'run'), script);
  // An earlier one's is no word of this one.
  rmSync(join(out, 'rc'), { force: true });
  await inScratch('engine', (scratch) => {
    const words = [tree, scratch, out, ROOT, process.execPath, String(process.pid), String(groups ?? '')];
    // What this machine sets for its own programs is nothing to the tree's.
    const own = { extendEnv: false, env: { PATH: process.env.PATH } };
    return runApart(['bash', INSIDE, ...words], minutes, { ...own, stdout: 'ignore' });
  });
}
