/** The network namespaces of this host that can be found: named ones, and those of processes. */
import type { Machine } from '../../host/machine.ts';
import type { Netns } from '../../model/netns.ts';

/** One entry a namespace; a name in /run/netns is preferred to a process. Null: the machine did not say. */
export function namespaces(machine: Machine): Netns[] {
  const found = new Map<number, Netns>();
  const take = (path: string): void => {
    const netns = machine.netns(path);
    if (netns.known && !found.has(netns.value.inode)) found.set(netns.value.inode, netns.value);
  };
  const names = machine.list('/run/netns');
  if (names.known) for (const name of names.value) take(`/run/netns/${name}`);
  const processes = machine.list('/proc');
  if (processes.known) for (const pid of processes.value) if (/^\d+$/.test(pid)) take(`/proc/${pid}/ns/net`);
  return [...found.values()];
}

/** Which namespace each nsid of `seenFrom` stands for. */
export function byNsid(machine: Machine, seenFrom: Netns | null): Map<number, Netns> {
  const found = new Map<number, Netns>();
  for (const netns of namespaces(machine)) {
    const id = machine.nsid(netns, seenFrom);
    if (id.known && id.value !== null) found.set(id.value, netns);
  }
  return found;
}
