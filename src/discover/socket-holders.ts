/** Which processes hold a socket: their open files name it by its inode. proc_pid_fd(5). */
import type { Machine } from '../host/machine.ts';
import { processesIn } from '../host/processes.ts';
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
  for (const { inode, holder } of held(machine, namespace, wanted)) {
    found[inode] ??= holder;
    if (Object.keys(found).length === wanted.size) break;
  }
  return found;
}

/** The same with every process that holds one: a listening socket is often shared by those who were forked. */
export function allHoldersOf(
  machine: Machine,
  namespace: number,
  wanted: ReadonlySet<number>,
): Readonly<Record<number, readonly Holder[]>> {
  const found: Record<number, Holder[]> = {};
  for (const { inode, holder } of held(machine, namespace, wanted)) {
    const all = found[inode] ?? [];
    if (!all.some(({ pid }) => pid === holder.pid)) found[inode] = [...all, holder];
  }
  return found;
}

/** One socket as a file of a process: its path, and who has it; undefined where nobody has it any more. */
export const openAs = (machine: Machine, namespace: number, inode: number): Held | undefined =>
  held(machine, namespace, new Set([inode])).next().value ?? undefined;

interface Held {
  readonly inode: number;
  readonly holder: Holder;
  /** `/proc/PID/fd/N` */
  readonly file: string;
}

function* held(machine: Machine, namespace: number, wanted: ReadonlySet<number>): Generator<Held, undefined> {
  if (wanted.size === 0) return undefined;
  let looked = 0;
  for (const pid of processesIn(machine, namespace)) {
    if (looked > MOST) return undefined;
    const files = machine.list(`/proc/${pid}/fd`);
    if (!files.known) continue;
    for (const file of files.value) {
      looked++;
      const path = `/proc/${pid}/fd/${file}`;
      const target = machine.link(path);
      const inode = target.known ? Number(/^socket:\[(\d+)\]$/.exec(target.value)?.[1] ?? 0) : 0;
      if (!wanted.has(inode)) continue;
      const name = machine.read(`/proc/${pid}/comm`);
      yield {
        inode,
        file: path,
        holder: { pid: Number(pid), name: name.known ? plain(name.value.trim()) : 'a program' },
      };
    }
  }
  return undefined;
}
