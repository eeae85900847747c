// Machines that have nothing: minimal Debian trees, made by mmdebstrap(1) from the mirrors that apt here asks.
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { mirrors } from '../mirrors.mjs';
import { keptFolder } from '../places.mjs';
import { run } from '../run.mjs';

/** What netdoctor's package depends on: nothing else is there, no compiler, no Python, and Node only where it is named. */
const NEEDED = ['iproute2', 'iptables', 'nftables', 'procps'];

/** Every release of Debian that netdoctor is tried on. */
export const releases = [
  { suite: 'bookworm', name: 'Debian 12' },
  { suite: 'trixie', name: 'Debian 13' },
  { suite: 'sid', name: 'Debian sid' },
];

/** Answers the folder of such a tree; made once, and never written to afterwards. */
export function tree(suite, also = []) {
  const folder = join(keptFolder('trees'), [suite, ...also].join('+'));
  if (existsSync(folder)) return folder;
  const making = `${folder}.making`;
  rmSync(making, { recursive: true, force: true });
  const include = [...NEEDED, ...also].join(',');
  run([
    // What it mounts in the tree goes with it, however it ends: the next one begins by removing what is left.
    ...['unshare', '--mount'],
    ...['mmdebstrap', '--quiet', '--mode=root', '--variant=minbase', '--skip=check/empty'],
    ...['--dpkgopt=path-exclude=/usr/share/doc/*', '--dpkgopt=path-exclude=/usr/share/locale/*'],
    // A mirror may be kept as it was on a day that is past.
    '--aptopt=Acquire::Check-Valid-Until "false"',
    ...[`--include=${include}`, suite, making, mirrors()[0].uri],
  ]);
  renameSync(making, folder);
  return folder;
}
