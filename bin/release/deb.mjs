// A Debian package around the single executable: dpkg-deb(1), deb-control(5).
import {
  chmodSync,
  copyFileSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { newestGlibc } from './elf.mjs';
import { machines } from './machines.mjs';
import { libpcapTerms, nodeTerms, noticeOf } from './notice.mjs';
import { about, emptyFolder, epoch, out, version } from './places.mjs';
import { run } from './run.mjs';
import { makeSingle, nodeFor } from './single.mjs';

// Of a package that its users make themselves: a name that can never be an address (RFC 2606).
const MAINTAINER = 'The authors of netdoctor <authors@netdoctor.invalid>';
const PLUGINS = 'usr/libexec/docker/cli-plugins';
const from = (name) => new URL(`deb/${name}`, import.meta.url).pathname;

export const debName = ({ debian }) => `netdoctor_${version}_${debian}.deb`;

/** Makes it, and answers its name. The same sources make the same bytes. */
export async function makeDeb(program, arch = 'x64') {
  const machine = machines.find((one) => one.arch === arch);
  const single = join(out, await makeSingle(program, arch));
  const tree = emptyFolder('deb');
  const put = (name, bytes, mode = 0o644) => {
    mkdirSync(dirname(join(tree, name)), { recursive: true });
    writeFileSync(join(tree, name), bytes);
    chmodSync(join(tree, name), mode);
  };
  const own = (name) => readFileSync(join(program.folder, name));
  mkdirSync(join(tree, 'usr/bin'), { recursive: true });
  copyFileSync(single, join(tree, 'usr/bin/netdoctor'));
  chmodSync(join(tree, 'usr/bin/netdoctor'), 0o755);
  put('usr/share/man/man8/netdoctor.8.gz', packed(own('man/netdoctor.8')));
  put('usr/share/bash-completion/completions/netdoctor', own('completions/netdoctor.bash'));
  put('usr/share/zsh/vendor-completions/_netdoctor', own('completions/_netdoctor'));
  put('usr/share/fish/vendor_completions.d/netdoctor.fish', own('completions/netdoctor.fish'));
  put('usr/share/doc/netdoctor/copyright', copyright());
  put(
    'usr/share/doc/netdoctor/NOTICE.gz',
    packed(noticeOf(program.metafile, [libpcapTerms(), nodeTerms(nodeFor(arch))])),
  );
  put('usr/share/doc/netdoctor/changelog.gz', packed(changelog()));
  put('usr/share/lintian/overrides/netdoctor', readFileSync(from('lintian-overrides')));
  mkdirSync(join(tree, PLUGINS), { recursive: true });
  symlinkSync('../../../bin/netdoctor', join(tree, PLUGINS, 'docker-netdoctor'));
  put('DEBIAN/postrm', readFileSync(from('postrm')), 0o755);
  put('DEBIAN/control', control(machine, single, tree));
  settle(tree);
  const file = join(out, debName(machine));
  rmSync(file, { force: true });
  run(['dpkg-deb', '--root-owner-group', '-Zxz', '--build', tree, file], {
    env: { ...process.env, SOURCE_DATE_EPOCH: String(epoch) },
  });
  return debName(machine);
}

/** As gzip -9n does: no name and no time in it. */
const packed = (bytes) => gzipSync(bytes, { level: 9 });

function control({ debian }, single, tree) {
  const kilobytes = Math.ceil(bytesBelow(tree) / 1024);
  return [
    'Package: netdoctor',
    `Version: ${version}`,
    `Architecture: ${debian}`,
    `Maintainer: ${MAINTAINER}`,
    'Section: net',
    'Priority: optional',
    `Installed-Size: ${kilobytes}`,
    `Depends: libc6 (>= ${newestGlibc(single)}), libgcc-s1, libstdc++6, iproute2, iptables, nftables, procps`,
    // What is asked where the network was made with it, and what some fixes are made by.
    'Recommends: conntrack, iputils-ping',
    'Suggests: bpftool, ethtool, kmod',
    `Description: ${about.description.charAt(0).toLowerCase()}${about.description.slice(1)}`,
    ' netdoctor sends a probe through the real path of a container, watches every',
    ' interface on the way, and asks the kernel what it did to the packet. It names',
    ' the place where packets stop, the cause, and the commands that mend it.',
    ' .',
    ' With the client of Docker installed it is also there as "docker netdoctor".',
    '',
  ].join('\n');
}

const copyright = () => {
  const licence = readFileSync(new URL('../../LICENSE', import.meta.url), 'utf8')
    .split('\n\n')
    .slice(2)
    .map((part) => part.trim().replace(/^/gm, ' '))
    .join('\n .\n');
  return `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: netdoctor
Comment: The terms of everything that is inside the executable, Node.js first,
 are in NOTICE.gz beside this file.

Files: *
Copyright: 2026 the authors of netdoctor
License: Expat

License: Expat
${licence}
`;
};

/** deb-changelog(5) of one entry; what changed is in CHANGELOG.md. */
function changelog() {
  const changes = readFileSync(new URL('../../CHANGELOG.md', import.meta.url), 'utf8');
  const text =
    changes.split(/^## /m).find((part) => part.startsWith(`${version}\n`)) ?? `${version}\n\nReleased.\n`;
  const said = text.split('\n').slice(2).join('\n').trim().replaceAll('\n', '\n    ');
  const date = new Date(epoch * 1000).toUTCString().replace('GMT', '+0000');
  return `netdoctor (${version}) unstable; urgency=medium\n\n  * ${said}\n\n -- ${MAINTAINER}  ${date}\n`;
}

/** One time for everything, and modes that nobody's umask decides. */
function settle(tree) {
  for (const entry of readdirSync(tree, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath ?? entry.path, entry.name);
    if (entry.isDirectory()) chmodSync(file, 0o755);
    if (entry.isSymbolicLink()) lutimesSync(file, epoch, epoch);
    else utimesSync(file, epoch, epoch);
  }
  chmodSync(tree, 0o755);
}

const bytesBelow = (tree) =>
  readdirSync(tree, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath ?? entry.path, entry.name)).size, 0);
