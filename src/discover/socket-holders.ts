/** Which processes hold a socket: their open files name it by its inode. proc_pid_fd(5). */
import type { Machine } from '../host/machine.ts';
import type { Holder } from '../model/socket.ts';
import { plain } from '../words/text.ts';

/** Open files that are looked at in all; a host may have millions. */
const MOST = 50_000;

/** Holders by inode, of the processes whose network namespace has this inode; only the wanted sockets are told. */
export function holdersOf(
  machine: Machine,
  namespace: number,
  wanted: ReadonlySet<number>,
): Readonly<Record<number, Holder>> {
  const found: Record<number, Holder> = {};
  if (wanted.size === 0) return found;
  const processes = machine.list('/proc');
  if (!processes.known) return found;
  let looked = 0;
  for (const pid of processes.value.filter((one) => /^\d+$/.test(one))) {
    if (Object.keys(found).length === wanted.size || looked > MOST) break;
    const own = machine.link(`/proc/${pid}/ns/net`);
    if (!own.known || own.value !== `net:[${namespace}]`) continue;
    const files = machine.list(`/proc/${pid}/fd`);
    if (!files.known) continue;
    for (const file of files.value) {
      looked++;
      const target = machine.link(`/proc/${pid}/fd/${file}`);
      const inode = target.known ? Number(/^socket:\[(\d+)\]$/.exec(target.value)?.[1] ?? 0) : 0;
      if (!wanted.has(inode) || found[inode]) continue;
      const name = machine.read(`/proc/${pid}/comm`);
      found[inode] = { pid: Number(pid), name: name.known ? plain(name.value.trim()) : 'a program' };
    }
  }
  return found;
}
