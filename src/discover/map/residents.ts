/** Who lives in which namespace: containers of every runtime, names, and processes where there is nothing else. */
import type { Machine } from '../../host/machine.ts';
import { HOST, type MapNamespace } from '../../model/map.ts';
import type { Netns } from '../../model/netns.ts';
import type { Candidate } from '../../model/target.ts';
import { findTarget } from '../../targets/target.ts';
import { fullName } from '../inventory.ts';
import { namespaces } from '../path/namespaces.ts';

export interface Resident {
  readonly netns: Netns;
  readonly shown: MapNamespace;
}

const ALIVE = new Set(['running', 'paused', 'present']);

/** Every namespace that can be found, the host's first, with the names of those who live in it. */
export async function residents(machine: Machine, candidates: readonly Candidate[]): Promise<Resident[]> {
  const all = namespaces(machine).filter(({ inode }) => inode !== machine.self.inode);
  const named = await namesOf(machine, candidates, all);
  const host: Resident = {
    netns: machine.self,
    shown: { id: HOST, inode: machine.self.inode, names: named.get(machine.self.inode) ?? [] },
  };
  const taken = new Set([HOST]);
  return [
    host,
    ...all.map((netns) => {
      const names = named.get(netns.inode) ?? [];
      let id = names[0] ?? placeOf(netns);
      if (taken.has(id)) id = `${id}#${netns.inode}`;
      taken.add(id);
      return { netns, shown: { id, inode: netns.inode, names } };
    }),
  ];
}

const placeOf = ({ path }: Netns): string => {
  const pid = /^\/proc\/(\d+)\//.exec(path)?.[1];
  return pid ? `pid:${pid}` : `netns:${path}`;
};

/** By the process the runtime names, else by the id in a process's cgroup; asking about each is what comes last. */
async function namesOf(
  machine: Machine,
  candidates: readonly Candidate[],
  all: readonly Netns[],
): Promise<Map<number, string[]>> {
  const names = new Map<number, string[]>();
  const add = (inode: number, name: string): void => {
    names.set(inode, [...(names.get(inode) ?? []), name]);
  };
  const ids = idsOf(machine, all);
  const inodes = new Map(all.map(({ path, inode }) => [path, inode]));
  const inodeAt = (path: string): number | undefined => {
    if (inodes.has(path)) return inodes.get(path);
    const netns = machine.netns(path);
    return netns.known ? netns.value.inode : undefined;
  };
  const rest: Candidate[] = [];
  for (const one of candidates.filter(({ state }) => ALIVE.has(state))) {
    const path =
      one.runtime === 'netns'
        ? `/run/netns/${one.name}`
        : one.pid === null
          ? null
          : `/proc/${one.pid}/ns/net`;
    const inode = (path === null ? undefined : inodeAt(path)) ?? (one.id === null ? undefined : ids(one.id));
    if (inode === undefined) rest.push(one);
    else add(inode, fullName(one));
  }
  for (const one of rest) {
    if (one.runtime === 'netns') continue;
    const target = await findTarget(machine, `${one.runtime}:${one.id ?? one.name}`).catch(() => undefined);
    if (target) add(target.netns.inode, fullName(one));
  }
  // Containers before bare names: theirs are the ones people know.
  for (const list of names.values())
    list.sort((a, b) => Number(a.startsWith('netns:')) - Number(b.startsWith('netns:')));
  return names;
}

/** The 64-digit ids that runtimes write into the cgroup path of each namespace's first process: cgroups(7). */
function idsOf(machine: Machine, all: readonly Netns[]): (prefix: string) => number | undefined {
  const found: { readonly id: string; readonly inode: number }[] = [];
  for (const { path, inode } of all) {
    const pid = /^\/proc\/(\d+)\//.exec(path)?.[1];
    const cgroup = pid ? machine.read(`/proc/${pid}/cgroup`) : undefined;
    const id = cgroup?.known ? /[0-9a-f]{64}/.exec(cgroup.value)?.[0] : undefined;
    if (id) found.push({ id, inode });
  }
  return (prefix) => found.find(({ id }) => id.startsWith(prefix))?.inode;
}
