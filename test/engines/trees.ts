/** Debian trees in which an engine is installed, made by mmdebstrap(1) from the mirrors that apt here names; kept. */
import { createHash } from 'node:crypto';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { cacheOf } from '../kernels/cache.ts';
import { lacking } from '../kernels/lacking.ts';
import { mirrors } from '../kernels/mirror.ts';
import { NotHad } from '../kernels/not-had.ts';
import type { Version } from './engine-kind.ts';

/** What netdoctor, the lab and its programs ask for; Node is the machine's own. */
const PACKAGES = [
  ...['iproute2', 'iptables', 'nftables', 'procps', 'kmod', 'iputils-ping', 'libpcap0.8', 'libstdc++6'],
  ...['ethtool', 'conntrack', 'tcpdump', 'ebtables', 'busybox-static'],
];

/** The folder of a suite's tree with these packages: two minutes the first time. @throws NotHad */
export async function treeOf(
  { suite, also }: Pick<Version, 'suite' | 'also'>,
  packages: readonly string[],
  tell: (what: string) => void,
): Promise<string> {
  const { main } = await mirrors();
  const named = [suite, ...(also ? [also] : [])].join('+');
  const wanted = [...PACKAGES, ...packages].join(',');
  const folder = join(
    cacheOf('engines'),
    `${named}-${createHash('sha256').update(wanted).digest('hex').slice(0, 8)}`,
  );
  if (existsSync(folder)) return folder;
  const making = `${folder}.making`;
  rmSync(making, { recursive: true, force: true });
  if (await lacking(['mmdebstrap'])) throw new NotHad('a tree wants mmdebstrap (apt-get install mmdebstrap)');
  tell(`making a tree of ${named}`);
  const line = (name: string): string =>
    `deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${main} ${name} main`;
  const { exitCode, stderr } = await execa(
    'unshare',
    [
      // What it mounts in the tree goes with it, however it ends: the next one begins by removing what is left.
      ...['--mount', '--propagation', 'private', 'nice'],
      ...['mmdebstrap', '--quiet', '--mode=root', '--variant=minbase', '--skip=check/empty'],
      ...['doc', 'man', 'locale'].map((name) => `--dpkgopt=path-exclude=/usr/share/${name}/*`),
      // A mirror may be kept as it was on a day that is past.
      '--aptopt=Acquire::Check-Valid-Until "false"',
      ...(also ? [`--aptopt=APT::Default-Release "${also}"`] : []),
      `--include=${wanted}`,
      ...[suite, making, line(suite), ...(also ? [line(also)] : [])],
    ],
    { reject: false, stdin: 'ignore' },
  );
  if (exitCode !== 0)
    throw new NotHad(
      `a tree of ${named} cannot be made: ${stderr.match(/^E: .*/m)?.[0] ?? stderr.slice(-200)}`,
    );
  renameSync(making, folder);
  return folder;
}
