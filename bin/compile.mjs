// Keeps beside the scripts of the bundle what V8 makes of them, so that no start does it again.
import { spawnSync } from 'node:child_process';

const at = (name) => new URL(`compile/${name}`, import.meta.url).pathname;

/**
 * By the Node that builds, for others like it: bin/part.cjs. The same scripts come out as the same bytes, since the hashes of
 * names begin with a number that is told.
 */
export function compileScripts(folder) {
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--hash-seed=1', at('run.mjs'), folder, 'replay', at('dropped.pcapng')],
    { stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8', env: {} },
  );
  // It ends as the diagnosis in that file does: a fault was found.
  if (status !== 1) throw new Error(`the bundle does not run: ${stderr}`);
}
