/** Which C library the programs of a container are built on, told by its own loaders: ld.so(8), musl's ld-musl-ARCH.so.1. */
import type { Machine } from '../../host/machine.ts';
import type { Library } from '../../model/look-up.ts';
import type { Target } from '../../model/target.ts';
import { inRoot } from './files.ts';

const FOLDERS = ['/lib', '/lib64', '/usr/lib', '/usr/lib64'];

/** Null where there is neither loader, or both and the first process is of neither: a bare namespace has programs of all kinds. */
export function libraryOf(machine: Machine, target: Target, from: 'container' | 'host'): Library | null {
  if (from === 'container' && target.pid === null) return null;
  const root = from === 'host' ? '' : `/proc/${target.pid}/root`;
  const names = FOLDERS.flatMap((folder) => {
    const where = from === 'host' ? folder : inRoot(machine, root, folder);
    const listed = where === undefined ? undefined : machine.list(where);
    return listed?.known ? listed.value : [];
  });
  const musl = names.some((one) => /^ld-musl-.*\.so/.test(one));
  const glibc = names.some((one) => /^ld-linux.*\.so|^ld64\.so/.test(one));
  if (musl !== glibc) return musl ? 'musl' : 'glibc';
  if (!musl || from === 'host') return from === 'host' && glibc ? 'glibc' : null;
  const maps = machine.read(`/proc/${target.pid}/maps`);
  if (!maps.known) return null;
  if (/\/ld-musl-|\/libc\.musl/.test(maps.value)) return 'musl';
  return /\/ld-linux|\/libc\.so\.6|\/libc-2/.test(maps.value) ? 'glibc' : null;
}
