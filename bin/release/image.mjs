// An image for `docker load`: a minimal Debian with the single executable and the network tools that it runs.
// Layout: github.com/moby/docker-image-spec, “Combined Image JSON + Filesystem Changeset Format”.
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { machines } from './machines.mjs';
import { mirrors } from './mirrors.mjs';
import { sha256 } from './native.mjs';
import { about, emptyFolder, epoch, out, version } from './places.mjs';
import { run } from './run.mjs';
import { makeSingle } from './single.mjs';

export const imageName = `netdoctor-${version}-image.tar`;
const SUITE = 'trixie';

/** What netdoctor runs, from this image and not from the host: by Debian's names. */
const PACKAGES = [
  ...['iproute2', 'iptables', 'nftables', 'conntrack', 'ipset', 'iputils-ping', 'ethtool', 'bpftool'],
  ...['procps', 'kmod', 'util-linux', 'mount', 'wireguard-tools', 'libstdc++6', 'libpcap0.8t64'],
];

/** Nobody reads or installs anything in the container. */
const UNREAD = ['doc', 'locale', 'man', 'info', 'bash-completion', 'lintian', 'common-licenses'];

/** Makes it, and answers its name. */
export async function makeImage(program) {
  const single = await makeSingle(program, 'x64');
  const work = emptyFolder('image');
  const tree = join(work, 'tree');
  run(
    [
      ...['mmdebstrap', '--quiet', '--mode=root', '--variant=essential', '--skip=check/empty'],
      ...UNREAD.map((name) => `--dpkgopt=path-exclude=/usr/share/${name}/*`),
      '--aptopt=Acquire::Check-Valid-Until "false"',
      '--aptopt=APT::Install-Recommends "false"',
      ...[`--include=${PACKAGES.join(',')}`, SUITE, tree, mirrors()[0].uri],
    ],
    { env: { ...process.env, SOURCE_DATE_EPOCH: String(epoch) } },
  );
  withoutAlternatives(tree, join(tree, 'usr'));
  // The host's folders take their places: nothing of the image may be looked for in them.
  for (const name of ['var', 'home', 'root']) emptied(join(tree, name));
  for (const name of ['host', 'usr/lib/modules']) mkdirSync(join(tree, name), { recursive: true });
  copyFileSync(join(out, single), join(tree, 'usr/bin/netdoctor'));
  chmodSync(join(tree, 'usr/bin/netdoctor'), 0o755);
  const archive = emptyFolder('image-archive');
  const layer = join(archive, 'layer.tar');
  archived(tree, layer);
  const config = JSON.stringify(configuration(sha256(layer)));
  const name = `${createHash('sha256').update(config).digest('hex')}.json`;
  writeFileSync(join(archive, name), config);
  writeFileSync(
    join(archive, 'manifest.json'),
    JSON.stringify([
      { Config: name, RepoTags: [`netdoctor:${version}`, 'netdoctor:latest'], Layers: ['layer.tar'] },
    ]),
  );
  const file = join(out, imageName);
  rmSync(file, { force: true });
  archived(archive, file);
  for (const folder of [work, archive]) rmSync(folder, { recursive: true });
  return imageName;
}

const configuration = (digest) => ({
  architecture: machines[0].debian,
  os: 'linux',
  created: new Date(epoch * 1000).toISOString(),
  config: {
    Entrypoint: ['/usr/bin/netdoctor'],
    Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'NETDOCTOR_HOST=/host'],
    Labels: {
      'org.opencontainers.image.title': 'netdoctor',
      'org.opencontainers.image.description': about.description,
      'org.opencontainers.image.version': version,
      'org.opencontainers.image.licenses': about.license,
    },
  },
  rootfs: { type: 'layers', diff_ids: [`sha256:${digest}`] },
  history: [{ created: new Date(epoch * 1000).toISOString(), created_by: 'npm run release -- image' }],
});

/** What is in a folder: the same bytes from the same files, whoever made them and when. */
const archived = (folder, file) =>
  run([
    ...['tar', '--create', '--sort=name', '--format=posix', '--numeric-owner', '--owner=0', '--group=0'],
    ...[`--mtime=@${epoch}`, '--pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime'],
    ...[`--directory=${folder}`, `--file=${file}`, '.'],
  ]);

/** update-alternatives(1) keeps its links in /etc, which will be the host's: what they lead to is linked directly. */
function withoutAlternatives(tree, folder) {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const link = join(entry.parentPath ?? entry.path, entry.name);
    if (!lstatSync(link).isSymbolicLink()) continue;
    const chosen = readlinkSync(link);
    if (!chosen.startsWith('/etc/alternatives/')) continue;
    const target = readlinkSync(join(tree, chosen));
    rmSync(link);
    symlinkSync(target, link);
  }
}

function emptied(folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
}
