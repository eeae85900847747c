/** The network namespaces of this host that can be found: those somebody holds by a mount, and those of processes. */
import type { Machine } from '../../host/machine.ts';
import { processes } from '../../host/processes.ts';
import type { Netns } from '../../model/netns.ts';

/** `ip netns` names; a name there is preferred to other mounts of the same namespace. */
const NAMED = '/run/netns/';

/**
 * Namespaces that are bind-mounted somewhere, as `ip netns`, Docker (/run/docker/netns, where an overlay's lives
 * without any process), podman and CNI do: lines of type nsfs, their root is `net:[INODE]`. proc_pid_mountinfo(5).
 */
export function mountedNamespaces(mountinfo: string): Netns[] {
  const found = new Map<number, Netns>();
  for (const line of mountinfo.split('\n')) {
    if (!line.includes(' - nsfs ')) continue;
    const [, , , root = '', point = ''] = line.split(' ');
    const inode = Number(/^net:\[(\d+)\]$/.exec(root)?.[1]);
    if (!inode) continue;
    const path = point.replace(/\\(\d{3})/g, (_, code: string) =>
      String.fromCharCode(Number.parseInt(code, 8)),
    );
    const before = found.get(inode);
    if (!before || (path.startsWith(NAMED) && !before.path.startsWith(NAMED)))
      found.set(inode, { inode, path });
  }
  return [...found.values()];
}

/**
 * One entry a namespace; a mount is preferred to a process, which may end. Those of mounts come first, and processes are looked at
 * only as far as somebody asks on.
 */
export function* eachNamespace(machine: Machine): Generator<Netns> {
  const mounts = machine.read('/proc/self/mountinfo');
  const mounted = mounts.known ? mountedNamespaces(mounts.value) : [];
  yield* mounted;
  const found = new Set(mounted.map(({ inode }) => inode));
  const taken = (path: string): Netns[] => {
    const netns = machine.netns(path);
    if (!netns.known || found.has(netns.value.inode)) return [];
    found.add(netns.value.inode);
    return [netns.value];
  };
  const paths = new Set(mounted.map(({ path }) => path));
  const names = machine.list('/run/netns');
  if (names.known)
    for (const name of names.value) if (!paths.has(`${NAMED}${name}`)) yield* taken(`${NAMED}${name}`);
  for (const pid of processes(machine)) yield* taken(`/proc/${pid}/ns/net`);
}

export const namespaces = (machine: Machine): Netns[] => [...eachNamespace(machine)];

/** Which namespace each nsid of `seenFrom` stands for. */
export function byNsid(machine: Machine, seenFrom: Netns | null): Map<number, Netns> {
  const found = new Map<number, Netns>();
  for (const netns of namespaces(machine)) {
    const id = machine.nsid(netns, seenFrom);
    if (id.known && id.value !== null) found.set(id.value, netns);
  }
  return found;
}
