import { existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { emptyFolder, keptFolder } from './places.mjs';
import { run } from './run.mjs';

/** Fetches an npm package as its registry has it, runs nothing of it, and answers the folder it is unpacked in. */
export function fromNpm(name, range) {
  const folder = join(keptFolder('npm'), `${name.replace('/', '-').replace('@', '')}@${range}`);
  if (existsSync(folder)) return folder;
  const fetched = emptyFolder('fetched');
  run(['npm', 'pack', '--silent', `--pack-destination=${fetched}`, `${name}@${range}`]);
  const [archive] = readdirSync(fetched);
  const unpacked = join(fetched, 'unpacked');
  mkdirSync(unpacked);
  run(['tar', '-xzf', join(fetched, archive), '-C', unpacked, '--strip-components=1', '--no-same-owner']);
  renameSync(unpacked, folder);
  return folder;
}
