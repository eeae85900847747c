// libpcap, position-independent and static: Debian's own libpcap.a is neither, so it is made from Debian's source.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { tool } from './machines.mjs';
import { mirrors } from './mirrors.mjs';
import { emptyFolder, keptFolder } from './places.mjs';
import { run } from './run.mjs';

/** Captures of other things than network interfaces, and what would need other libraries. */
const WITHOUT = [
  ...['shared', 'usb', 'netmap', 'bluetooth', 'dbus', 'rdma'].map((what) => `--disable-${what}`),
  ...['libnl', 'dag', 'septel', 'snf', 'turbocap', 'dpdk'].map((what) => `--without-${what}`),
  '--with-pcap=linux',
];

/** The folder of libpcap's source, as Debian patches it. */
export function libpcapSource() {
  const folder = keptFolder('libpcap');
  const there = readdirSync(folder).find((name) => /^libpcap-[\d.]+$/.test(name));
  if (there) return join(folder, there);
  const apt = sourcesOfThisMachine();
  run(['apt-get', ...apt, 'update', '-qq']);
  run(['apt-get', ...apt, 'source', '-qq', '--only-source', 'libpcap'], { cwd: folder });
  return join(
    folder,
    readdirSync(folder).find((name) => /^libpcap-[\d.]+$/.test(name)),
  );
}

/** Lists for apt-get(8) of our own: the mirrors that it asks for binaries, asked for sources. */
function sourcesOfThisMachine() {
  const folder = emptyFolder('apt');
  mkdirSync(join(folder, 'lists/partial'), { recursive: true });
  mkdirSync(join(folder, 'cache/archives/partial'), { recursive: true });
  writeFileSync(
    join(folder, 'sources.list'),
    mirrors()
      .map(({ uri, suite }) => `deb-src ${uri} ${suite} main\n`)
      .join(''),
  );
  return [
    `Dir::Etc::SourceList=${folder}/sources.list`,
    'Dir::Etc::SourceParts=/dev/null',
    `Dir::State::Lists=${folder}/lists`,
    `Dir::Cache=${folder}/cache`,
    // It lies where only its owner may look.
    'APT::Sandbox::User=root',
  ].flatMap((option) => ['-o', option]);
}

export const libpcapVersion = () => readFileSync(join(libpcapSource(), 'VERSION'), 'utf8').trim();

/** Compiles it for a machine; answers the folder with libpcap.a. */
export function buildLibpcap(machine) {
  const source = libpcapSource();
  const folder = keptFolder(`libpcap-${machine.arch}`);
  if (existsSync(join(folder, 'libpcap.a'))) return folder;
  const env = {
    ...process.env,
    CC: tool(machine, 'gcc'),
    // No path of this machine stays in it.
    CFLAGS: `-O2 -fPIC -ffile-prefix-map=${source}=libpcap`,
  };
  const foreign = process.arch === machine.arch ? [] : [`--host=${machine.gnu}`];
  run([join(source, 'configure'), ...foreign, ...WITHOUT], { cwd: folder, env });
  run(['make', '-s', `-j${availableParallelism()}`, 'libpcap.a'], { cwd: folder, env });
  return folder;
}
