import { chmodSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { out, version } from './places.mjs';
import { run } from './run.mjs';

export const tarballName = `netdoctor-${version}.tgz`;

/** `npm install -g netdoctor-VERSION.tgz`: npm packs it, with times and owners that are always the same. */
export function makeTarball({ folder }) {
  rmSync(join(out, tarballName), { force: true });
  // npm takes the modes as they are: nobody's umask decides them.
  for (const name of readdirSync(folder, { recursive: true })) {
    const file = join(folder, name);
    const runs = statSync(file).isDirectory() || name === 'bin/netdoctor';
    chmodSync(file, runs ? 0o755 : 0o644);
  }
  run(['npm', 'pack', '--silent', '--ignore-scripts', `--pack-destination=${out}`], { cwd: folder });
  return tarballName;
}
