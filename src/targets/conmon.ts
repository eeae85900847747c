/**
 * Which process is a monitor of a user's podman, and which is its container's first: both are claims of an ordinary
 * user, and believed only as far as the kernel vouches for them.
 */
import { basename, normalize } from 'node:path';
import type { FileIdentity, Machine } from '../host/machine.ts';

/** Where podman looks for it: containers.conf(5), conmon_path. Nix keeps it in its store. */
const PLACES = /^(\/usr(\/local)?(\/s?bin|\/lib(exec)?\/podman)|\/bin|\/nix\/store\/[\w.+-]+\/bin)\/conmon$/;

/** The longest that a file with a pid may be, in bytes. */
const PID_FILE = 64;

/**
 * Does the process run the conmon of this host, as podman starts one for an ordinary user: in the user namespace of
 * that podman, and otherwise in the host's own namespaces? A name in /proc/PID/comm proves nothing, and a path in a
 * mount namespace of its own neither: the program is compared with the host's file.
 */
export function runsConmon(machine: Machine, pid: string): boolean {
  const path = machine.link(`/proc/${pid}/exe`);
  if (!path.known || !PLACES.test(path.value)) return false;
  const program = identity(machine, `/proc/${pid}/exe`);
  return (
    program !== undefined &&
    program.owner === 0 &&
    (program.mode & 0o022) === 0 &&
    same(program, identity(machine, path.value)) &&
    same(identity(machine, `/proc/${pid}/root`), identity(machine, '/')) &&
    same(identity(machine, `/proc/${pid}/ns/pid`), identity(machine, '/proc/self/ns/pid')) &&
    inUserNamespace(machine, pid)
  );
}

/** Podman's run folders for an ordinary user: XDG_RUNTIME_DIR, and what stands in for it. containers-storage.conf(5) */
const runFolders = (user: number): string[] => [
  `/run/user/${user}/`,
  `/tmp/podman-run-${user}/`,
  `/tmp/storage-run-${user}/`,
  `/tmp/containers-user-${user}/`,
];

/**
 * The pid of the container's first process; 0 where none of that user's is left under it, undefined where the file is
 * none that podman writes.
 */
export function firstProcess(
  machine: Machine,
  monitor: string,
  user: number,
  file: string,
): number | undefined {
  const expected = normalize(file) === file && runFolders(user).some((folder) => file.startsWith(folder));
  if (!expected || !basename(file)) return undefined;
  const text = machine.readForeign(file, { most: PID_FILE, owner: user });
  if (!text.known) return text.because === 'vanished' ? 0 : undefined;
  const pid = /^\d{1,10}$/.test(text.value.trim()) ? Number(text.value) : 0;
  return pid > 1 && belongs(machine, monitor, user, pid) ? pid : 0;
}

/** Is the process in a user namespace, and are all its users those that the monitor's maps to that user? */
function belongs(machine: Machine, monitor: string, user: number, pid: number): boolean {
  const owners = usersOf(machine, String(pid));
  const ranges = mapOf(machine, monitor);
  const within = (id: number): boolean =>
    id !== 0 && ranges.some(({ first, count }) => id >= first && id < first + count);
  return owners.length > 0 && within(user) && owners.every(within) && inUserNamespace(machine, String(pid));
}

/** Host's ids that a process's user namespace has: user_namespaces(7), uid_map. */
function mapOf(machine: Machine, pid: string): { first: number; count: number }[] {
  const map = machine.read(`/proc/${pid}/uid_map`);
  return (map.known ? map.value.trim().split('\n') : []).map((line) => {
    const [, first = 0, count = 0] = line.trim().split(/\s+/).map(Number);
    return { first, count };
  });
}

function inUserNamespace(machine: Machine, pid: string): boolean {
  const own = identity(machine, `/proc/${pid}/ns/user`);
  const host = identity(machine, '/proc/self/ns/user');
  return own !== undefined && host !== undefined && !same(own, host);
}

/** Real, effective, saved and file system user of a process; empty for one that is gone. proc_pid_status(5) */
export function usersOf(machine: Machine, pid: string): number[] {
  const status = machine.read(`/proc/${pid}/status`);
  const ids = status.known ? /^Uid:\s+([\d\t ]+)$/m.exec(status.value)?.[1] : undefined;
  return ids === undefined ? [] : ids.trim().split(/\s+/).map(Number);
}

function identity(machine: Machine, file: string): FileIdentity | undefined {
  const answer = machine.identity(file);
  return answer.known ? answer.value : undefined;
}

const same = (one: FileIdentity | undefined, other: FileIdentity | undefined): boolean =>
  one !== undefined && other !== undefined && one.device === other.device && one.inode === other.inode;
