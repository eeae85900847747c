/** Which native file is loaded: the one that a released netdoctor brings along for this Node, machine and C library. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from './package.ts';
import { carried, isSingle } from './single.ts';
import { asFile } from './unpack.ts';

export type CLibrary = 'glibc' | 'musl';

let library: CLibrary | undefined;

/** The C library of this very process, by the loader that is mapped into it: proc_pid_maps(5). */
export function cLibrary(): CLibrary {
  library ??= /\/ld-musl-[^/]*$/m.test(readFileSync('/proc/self/maps', 'utf8')) ? 'musl' : 'glibc';
  return library;
}

/** Of Node's own interface (Node-API) a file serves every version; one of V8's serves a single ABI: `cap-115.node`. */
export type NativeFile = 'koffi.node' | 'libpcap.so' | `cap-${string}.node`;

/** `native/linux-x64-glibc` */
export const nativeFolder = (arch: string = process.arch, library: CLibrary = cLibrary()): string =>
  `native/linux-${arch}-${library}`;

/**
 * Hands `load` the path of that file. Null in a checkout, which brings none along and has what npm installed.
 * @throws Error where this netdoctor brings files along, and none for this machine; and what `load` throws
 */
export function loadBrought<T>(name: NativeFile, load: (file: string) => T): T | null {
  const file = `${nativeFolder()}/${name}`;
  if (isSingle) {
    const bytes = carried(file);
    if (!bytes) throw new Error(noneFor(name));
    return asFile(bytes, checksum(file), name, load);
  }
  if (!existsSync(path.join(packageRoot(), 'native'))) return null;
  const whole = path.join(packageRoot(), file);
  if (!existsSync(whole)) throw new Error(noneFor(name));
  return load(whole);
}

const noneFor = (name: NativeFile): string =>
  `no ${name} for ${process.platform}-${process.arch} with ${cLibrary()} came with this netdoctor`;

/** Versions of what is brought along, by the part's name; empty in a checkout. */
export function broughtVersions(): Readonly<Record<string, string>> {
  const name = 'native/versions.json';
  if (isSingle) return JSON.parse(carried(name)?.toString('utf8') ?? '{}');
  const file = path.join(packageRoot(), name);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}

/** As `sha256sum` wrote it into the folder when it was made. */
function checksum(file: string): string {
  const list = carried('native/SHA256SUMS')?.toString('utf8') ?? '';
  const name = file.slice('native/'.length);
  return (
    list
      .split('\n')
      .find((line) => line.endsWith(`  ${name}`))
      ?.slice(0, 64) ?? ''
  );
}
