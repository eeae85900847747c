/** As which user the programs of a namespace ask: rules of routing and of firewalls may choose by it. */
import type { Machine } from '../host/machine.ts';
import { processesIn } from '../host/processes.ts';
import type { User } from '../model/socket.ts';
import type { RoutingRule } from '../model/stack.ts';
import type { Target } from '../model/target.ts';
import { fileId } from './parse/status.ts';

/** A program that asks, fails and begins anew is not there all the time. Milliseconds. */
const LOOK = 800;
const STEP = 20;

type Range = readonly [number, number];

/** The users that rules single out: `uidrange` of ip-rule(8). */
const rangesOf = (rules: readonly RoutingRule[]): Range[] =>
  rules.flatMap(({ text }): Range[] => {
    const [, low, high] = /(?:^|\s)uidrange (\d+)-(\d+)(?:\s|$)/.exec(text) ?? [];
    return low === undefined ? [] : [[Number(low), Number(high)]];
  });

/** The ids by which it makes files and sockets, as numbers of this host; undefined where it is gone. */
function userOf(machine: Machine, pid: number | string): User | undefined {
  const status = machine.read(`/proc/${pid}/status`);
  if (!status.known) return undefined;
  const [uid, gid] = [fileId(status.value, 'Uid'), fileId(status.value, 'Gid')];
  return Number.isInteger(uid) && Number.isInteger(gid) ? { uid, gid } : undefined;
}

function* usersIn(machine: Machine, namespace: number): Generator<User> {
  for (const pid of processesIn(machine, namespace)) {
    const user = userOf(machine, pid);
    if (user) yield user;
  }
}

export interface AskingUser {
  /** Undefined where it is root, who asks anyway, and where nobody but root could ask as another. */
  readonly user?: User | undefined;
  /** Rules that are for users as whom nothing was seen to run there, nor is asked. */
  readonly forNobody: readonly RoutingRule[];
}

/**
 * That of the target's main process; where a rule singles users out and leaves that one alone, the first of them that a process
 * there runs as.
 */
export async function askingUser(
  machine: Machine,
  { pid, netns, hostNetwork }: Pick<Target, 'pid' | 'netns' | 'hostNetwork'>,
  rules: readonly RoutingRule[],
): Promise<AskingUser> {
  if (machine.uid !== 0) return { forNobody: [] };
  const main = pid === null ? undefined : userOf(machine, pid);
  const ranges = rangesOf(rules);
  const user = main && (main.uid !== 0 || main.gid !== 0) ? main : undefined;
  const isSingled = ({ uid }: User): boolean => ranges.some(([low, high]) => uid >= low && uid <= high);
  const root: User = { uid: 0, gid: 0 };
  if (ranges.length > 0 && !hostNetwork && !isSingled(main ?? root)) {
    const until = machine.now() + BigInt(LOOK * 1e6);
    do {
      for (const one of usersIn(machine, netns.inode))
        if (isSingled(one)) return { user: one, forNobody: [] };
      await new Promise<void>((resolve) => machine.after(STEP, resolve));
    } while (machine.now() < until);
    return { user, forNobody: rules.filter((one) => rangesOf([one]).length > 0) };
  }
  return { user, forNobody: [] };
}
