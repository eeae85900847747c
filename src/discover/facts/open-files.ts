import type { Machine } from '../../host/machine.ts';
import { known, notKnown } from '../../model/answer.ts';
import type { OpenFiles } from '../../model/open-files.ts';
import { plain } from '../../words/text.ts';
import { fact } from '../fact.ts';

/** Processes of one container that are looked at, at most: its first ones. */
const MOST = 32;

/** The soft limit of open files: `Max open files  1024  524288  files`. proc_pid_limits(5) */
export const softLimit = (limits: string): { soft: number; hard: number | null } | null => {
  const [, soft, hard] = /^Max open files\s+(\d+)\s+(\d+|unlimited)/m.exec(limits) ?? [];
  return soft === undefined ? null : { soft: Number(soft), hard: Number(hard) || null };
};

/** The process and those it has begun, and theirs. proc_tid_children(5) */
function family(machine: Machine, first: number): number[] {
  const found = [first];
  for (let at = 0; at < found.length && found.length < MOST; at++) {
    const children = machine.read(`/proc/${found[at]}/task/${found[at]}/children`);
    if (children.known) found.push(...(children.value.match(/\d+/g) ?? []).map(Number));
  }
  return found.slice(0, MOST);
}

/** How many files one process has open, of how many; null where nobody tells. */
export function openFilesOf(machine: Machine, pid: number): OpenFiles | null {
  const limits = machine.read(`/proc/${pid}/limits`);
  const limit = limits.known ? softLimit(limits.value) : null;
  const open = limit ? machine.list(`/proc/${pid}/fd`) : undefined;
  if (!limit || !open?.known) return null;
  const name = machine.read(`/proc/${pid}/comm`);
  return {
    pid,
    name: name.known ? plain(name.value.trim()) : 'a program',
    // One that was there before the limit was lowered may have a greater number, and takes no room below it.
    open: open.value.filter((number) => Number(number) < limit.soft).length,
    ...limit,
  };
}

/** How many files the target's processes have open, of how many. Source: proc_pid_fd(5), getrlimit(2). */
export default fact({
  name: 'openFiles',
  gather(machine, { target }) {
    const { pid } = target;
    if (pid === null) return notKnown('not-asked', 'the namespace is no process of its own', []);
    const all = family(machine, pid).flatMap((one) => openFilesOf(machine, one) ?? []);
    return known(all, ['ls', `/proc/${pid}/fd`]);
  },
});
