// The native files: compiled for each machine and Node, or taken as their makers publish them.
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkElf } from './elf.mjs';
import { fromNpm } from './from-npm.mjs';
import { buildLibpcap, libpcapSource, libpcapVersion } from './libpcap.mjs';
import { machines, nodes, tool } from './machines.mjs';
import { emptyFolder, root } from './places.mjs';
import { run } from './run.mjs';

const from = (name) => new URL(`native/${name}`, import.meta.url).pathname;
const versionOf = (name) =>
  JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')).version;

/** Fills a folder with `linux-ARCH-LIBC/FILE`, versions.json and SHA256SUMS; answers it, and what the files need. */
export function buildNative() {
  const folder = emptyFolder('native');
  for (const machine of machines) {
    for (const libc of ['glibc', 'musl']) {
      const place = join(folder, `linux-${machine.arch}-${libc}`);
      mkdirSync(place);
      copyFileSync(koffi(machine, libc), join(place, 'koffi.node'));
      // Of musl Debian has no compiler for C++; there the other capture engine serves.
      if (libc === 'glibc') compile(machine, place);
    }
  }
  writeFileSync(
    join(folder, 'versions.json'),
    `${JSON.stringify({ cap: versionOf('cap'), koffi: versionOf('koffi'), libpcap: libpcapVersion() })}\n`,
  );
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(node|so)$/.test(name))
    .sort();
  const sums = files.map((name) => `${sha256(join(folder, name))}  ${name}\n`);
  writeFileSync(join(folder, 'SHA256SUMS'), sums.join(''));
  return { folder, glibc: checkElf(files.map((name) => join(folder, name))) };
}

export const sha256 = (file) => createHash('sha256').update(readFileSync(file)).digest('hex');

const koffi = ({ arch }, libc) =>
  join(
    fromNpm(`@koromix/koffi-linux-${arch}`, versionOf('koffi')),
    `${libc === 'musl' ? 'musl' : 'linux'}_${arch}/koffi.node`,
  );

/** libpcap as a library that koffi can load, and cap with libpcap inside for each Node. */
function compile(machine, place) {
  const built = buildLibpcap(machine);
  const stat = join(built, 'stat.o');
  run([tool(machine, 'gcc'), '-O2', '-fPIC', '-c', '-o', stat, from('stat.c')]);
  const archive = join(built, 'libpcap.a');
  run([
    ...[tool(machine, 'gcc'), '-shared', '-s', '-Wl,--build-id=none', '-Wl,-soname,libpcap.so'],
    ...['-o', join(place, 'libpcap.so'), '-Wl,--whole-archive', archive, '-Wl,--no-whole-archive', stat],
  ]);
  for (const node of nodes) {
    const headers = join(fromNpm(`node-linux-${machine.arch}`, String(node)), 'include/node');
    run([
      ...[tool(machine, 'g++'), '-O2', '-fPIC', '-shared', '-s', '-std=gnu++20', '-fno-rtti'],
      ...['-fno-exceptions', '-w', '-Wl,--build-id=none', '-Wl,-Bsymbolic', '-Wl,--exclude-libs,ALL'],
      ...['-DNODE_GYP_MODULE_NAME=cap', '-DUSING_UV_SHARED=1', '-DUSING_V8_SHARED=1'],
      ...['-DBUILDING_NODE_EXTENSION', '-include', from('immediate.h')],
      ...[headers, join(root, 'node_modules/nan'), libpcapSource()].flatMap((folder) => ['-I', folder]),
      ...['-o', join(place, `cap-${abiOf(headers)}.node`)],
      ...[join(root, 'node_modules/cap/src/binding.cc'), stat, archive],
    ]);
  }
}

/** The version of V8's interface: node_version.h has it as a number, and as the name of an embedder's own. */
const abiOf = (headers) =>
  /NODE_MODULE_VERSION (\d+)/.exec(readFileSync(join(headers, 'node_version.h'), 'utf8'))[1];
