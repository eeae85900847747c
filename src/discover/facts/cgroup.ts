import { ask } from '../../host/ask.ts';
import type { Machine } from '../../host/machine.ts';
import { known, mapAnswer, notKnown } from '../../model/answer.ts';
import type { CgroupProgram } from '../../model/facts.ts';
import type { Target } from '../../model/target.ts';
import { fact } from '../fact.ts';
import { number, parseList, text } from '../ip/json.ts';

/** Where cgroup2 is mounted whole, of /proc/self/mountinfo (proc_pid_mountinfo(5)). */
export function cgroup2Mount(mountinfo: string): string | null {
  for (const line of mountinfo.split('\n')) {
    const [before = '', after = ''] = line.split(' - ');
    const [, , , root, point] = before.split(' ');
    if (after.startsWith('cgroup2 ') && root === '/' && point) return point;
  }
  return null;
}

/** The process's own directory in it: the line of hierarchy 0 in /proc/PID/cgroup (cgroups(7)). */
export const cgroup2Path = (cgroup: string): string | null => /^0::(\/.*)$/m.exec(cgroup)?.[1] ?? null;

/** The target's cgroup2 directory, or null where it has none that can be seen. */
export function cgroupOf(machine: Machine, pid: number): string | null {
  const own = machine.read(`/proc/${pid}/cgroup`);
  const mounts = machine.read('/proc/self/mountinfo');
  const path = own.known ? cgroup2Path(own.value) : null;
  const mount = mounts.known ? cgroup2Mount(mounts.value) : null;
  return path === null || mount === null ? null : path === '/' ? mount : `${mount}${path}`;
}

/** The target's cgroup, where programs attached to it would treat its packets otherwise than ours, or rules choose by it. */
export function cgroupThatMatters(machine: Machine, target: Target, byRules: boolean): string | null {
  const cgroup = target.pid === null ? null : cgroupOf(machine, target.pid);
  if (cgroup === null || byRules) return cgroup;
  const programs = machine.cgroupPrograms(cgroup);
  return programs.known && programs.value ? cgroup : null;
}

/** Is it frozen, as a paused container's is, or about to be? One above it freezes it too. cgroups(7), Linux 5.2. */
export function isFrozen(machine: Machine, cgroup: string): boolean {
  const asked = machine.read(`${cgroup}/cgroup.freeze`);
  const events = machine.read(`${cgroup}/cgroup.events`);
  return (asked.known && asked.value.trim() === '1') || (events.known && /^frozen 1$/m.test(events.value));
}

/** BPF programs that decide about the target's sockets, those attached above it too. Source: bpftool-cgroup(8). */
export default fact({
  name: 'cgroup',
  async gather(machine, { target }) {
    const argv = ['bpftool', '-j', 'cgroup', 'show'] as const;
    // A bare namespace has no process, and so no cgroup: nothing is attached to it.
    if (target.pid === null) return known([], argv);
    const cgroup = cgroupOf(machine, target.pid);
    if (cgroup === null) return notKnown('unsupported', 'cgroup2 is not mounted here', argv);
    const answer = await ask(machine, [...argv, cgroup, 'effective']);
    const effective = mapAnswer(answer, (document) =>
      parseList(document).map((entry) => program(entry, cgroup)),
    );
    if (!effective.known || effective.value.length === 0) return effective;
    const attached = await programsUpFrom(machine, cgroup);
    return mapAnswer(effective, (all) => all.map((one) => attached.find(({ id }) => id === one.id) ?? one));
  },
});

/** What is effective does not tell where it is attached, nor how: each directory on the way up does. */
async function programsUpFrom(machine: Machine, cgroup: string): Promise<CgroupProgram[]> {
  const mounts = machine.read('/proc/self/mountinfo');
  const mount = mounts.known ? cgroup2Mount(mounts.value) : null;
  const directories: string[] = [];
  for (let at = cgroup; mount !== null && at.startsWith(mount); at = at.slice(0, at.lastIndexOf('/')))
    directories.push(at);
  const listed = await Promise.all(
    directories.map(async (directory) => {
      const shown = await ask(machine, ['bpftool', '-j', 'cgroup', 'show', directory]);
      return shown.known ? parseList(shown.value).map((entry) => program(entry, directory)) : [];
    }),
  );
  return listed.flat();
}

function program(entry: ReturnType<typeof parseList>[number], cgroup: string): CgroupProgram {
  const flags = text(entry.attach_flags);
  return {
    id: number(entry.id) ?? 0,
    attach: text(entry.attach_type) ?? '',
    name: text(entry.name) ?? '',
    cgroup,
    ...(flags ? { flags } : {}),
  };
}
