/** As which user the programs of a namespace ask: rules of routing and of firewalls may choose by it. */
import type { Machine } from '../host/machine.ts';
import { processesIn } from '../host/processes.ts';
import { asksCgroup, asksGroup, isFor, ownerRules } from '../kernel/by-owner.ts';
import type { Rule } from '../model/evidence.ts';
import type { Flow } from '../model/flow.ts';
import type { Netns } from '../model/netns.ts';
import type { SocketState, User } from '../model/socket.ts';
import type { RoutingRule } from '../model/stack.ts';
import type { Target } from '../model/target.ts';
import { cgroupOf } from './facts/cgroup.ts';
import { fileId, groupsOf } from './parse/status.ts';
import { LEGACY, listRules } from './rules/list-rules.ts';
import { openAs } from './socket-holders.ts';

/** A program that asks, fails and begins anew is not there all the time. Milliseconds. */
const LOOK = 800;
const STEP = 20;

/** A rule that is for some users alone. */
type Singling = RoutingRule | Rule;

/** The users that a rule of routing singles out: `uidrange` of ip-rule(8). */
function rangeOf({ text }: RoutingRule): readonly [number, number] | undefined {
  const [, low, high] = /(?:^|\s)uidrange (\d+)-(\d+)(?:\s|$)/.exec(text) ?? [];
  return low === undefined ? undefined : [Number(low), Number(high)];
}

const isRouting = (rule: Singling): rule is RoutingRule => 'priority' in rule;

function singles(rule: Singling, flow: Flow, user: User): boolean {
  if (!isRouting(rule)) return isFor(rule, flow, user);
  const [low, high] = rangeOf(rule) ?? [];
  return low !== undefined && high !== undefined && user.uid >= low && user.uid <= high;
}

/** The ids by which it makes files and sockets, as numbers of this host; undefined where it is gone. */
function userOf(machine: Machine, pid: number | string): User | undefined {
  const status = machine.read(`/proc/${pid}/status`);
  if (!status.known) return undefined;
  const [uid, gid] = [fileId(status.value, 'Uid'), fileId(status.value, 'Gid')];
  const groups = groupsOf(status.value);
  if (!Number.isInteger(uid) || !Number.isInteger(gid)) return undefined;
  return { uid, gid, ...(groups.length > 0 ? { groups } : {}) };
}

/** netdoctor itself asks as root, in no group but root's. */
const isRoot = ({ uid, gid, groups = [] }: User): boolean =>
  uid === 0 && (gid ?? 0) === 0 && groups.every((one) => one === 0);

function* usersIn(machine: Machine, namespace: number): Generator<User> {
  for (const pid of processesIn(machine, namespace)) {
    const user = userOf(machine, pid);
    if (user) yield user;
  }
}

/**
 * Rules of the namespace's own firewall that are for what some users or control groups send. Nothing is listed where no chain
 * sees what it sends but those that translate addresses, as in most containers.
 */
async function filtersByOwner(machine: Machine, netns: Netns | null, flow: Flow): Promise<readonly Rule[]> {
  const chains = machine.kernelTells('chains', netns, null);
  const isLegacy = LEGACY.some(({ names }) => {
    const loaded = machine.read(names, netns);
    return loaded.known && loaded.value.split('\n').some((name) => name !== '' && name !== 'nat');
  });
  const isFiltered = chains.known && chains.value.some(({ hook, table }) => hook !== null && table !== 'nat');
  if (!isFiltered && !isLegacy) return [];
  const rules = await listRules(machine, netns);
  return rules.known
    ? ownerRules(
        rules.value.map(({ rule }) => rule),
        flow,
      )
    : [];
}

/**
 * Whose connection to the asked end waits for an answer now: the first of them. A socket keeps the group by which it was made,
 * whatever its program becomes: stat(2) of the open file tells it (sock_alloc(), net/socket.c). When nobody has it any more, its
 * group is not known.
 */
function failingUser(
  machine: Machine,
  { netns }: Pick<Target, 'netns'>,
  { flow, addresses, sockets }: Asked,
): User | undefined {
  const stuck = sockets.find(
    (one) =>
      one.uid !== undefined &&
      one.inode !== 0 &&
      one.destinationPort === flow.port &&
      (one.destination === flow.address || addresses.includes(one.destination)) &&
      (one.state === 'SYN-SENT' || one.retransmits > 0),
  );
  if (stuck?.uid === undefined) return undefined;
  const held = openAs(machine, netns.inode, stuck.inode);
  const user = held && userOf(machine, held.holder.pid);
  const made = held && machine.identity(held.file);
  const gid = made?.known ? (made.value.group ?? null) : null;
  return user?.uid === stuck.uid ? { ...user, gid: gid ?? user.gid } : { uid: stuck.uid, gid };
}

/** In a namespace where nobody runs as root, whoever does run there; undefined: root, or nobody at all. */
function notRoot(machine: Machine, netns: Netns): User | undefined {
  const there = [...usersIn(machine, netns.inode)];
  return there.some(({ uid }) => uid === 0) ? undefined : there[0];
}

/** Of the target's own processes: those of its namespace, and where that is the host's, of its control group. */
function* usersOf(machine: Machine, { pid, netns, hostNetwork }: Whose): Generator<User> {
  if (!hostNetwork) return yield* usersIn(machine, netns.inode);
  const cgroup = pid === null ? null : cgroupOf(machine, pid);
  const pids = cgroup === null ? undefined : machine.read(`${cgroup}/cgroup.procs`);
  for (const one of pids?.known ? pids.value.split('\n').filter(Boolean) : []) {
    const user = userOf(machine, one);
    if (user) yield user;
  }
}

type Whose = Pick<Target, 'pid' | 'netns' | 'hostNetwork'>;

export interface Asked {
  readonly flow: Flow;
  /** Every address that the asked name has. */
  readonly addresses: readonly string[];
  /** Those of the namespace; none where it is not the container's own. */
  readonly sockets: readonly SocketState[];
}

export interface AskingUser {
  /** Rules choose by control groups: the probes are to be of the target's own. */
  readonly byCgroup: boolean;
  /** Undefined where it is root, who asks anyway, and where nobody but root could ask as another. */
  readonly user?: User | undefined;
  /** Rules that are for users as whom nothing was seen to run there, nor is asked. */
  readonly forNobody: readonly (RoutingRule | Rule)[];
}

/**
 * That of the target's main process; where a rule singles users out, the one whose connection to the asked end waits for an
 * answer, and where it leaves that of the main process alone, the first of them that a process there runs as.
 */
export async function askingUser(
  machine: Machine,
  target: Whose,
  routing: readonly RoutingRule[],
  asked: Asked,
): Promise<AskingUser> {
  if (machine.uid !== 0) return { byCgroup: false, forNobody: [] };
  const { pid, netns, hostNetwork } = target;
  const { flow } = asked;
  const main = pid === null ? undefined : userOf(machine, pid);
  const user = main && (main.uid !== 0 || main.gid !== 0) ? main : undefined;
  const unlessRoot = (one: User): User | undefined => (isRoot(one) ? undefined : one);
  const filters = await filtersByOwner(machine, hostNetwork ? null : netns, flow);
  const byCgroup = filters.some(asksCgroup);
  const as = (one: User | undefined): AskingUser => ({ user: one, byCgroup, forNobody: [] });
  const rules: Singling[] = [
    ...(hostNetwork ? [] : routing.filter((rule) => rangeOf(rule) !== undefined)),
    ...filters.filter((rule) => !asksCgroup(rule)),
  ];
  if (rules.length === 0) return as(user);
  const failing = failingUser(machine, target, asked);
  const isGroupAsked = filters.some(asksGroup);
  if (failing && !(failing.gid === null && isGroupAsked)) return as(unlessRoot(failing));
  const isSingled = (one: User): boolean => rules.some((rule) => singles(rule, flow, one));
  if (isSingled(main ?? { uid: 0, gid: 0 })) return as(main ? unlessRoot(main) : notRoot(machine, netns));
  // Those of a control group are listed whole.
  const until = machine.now() + BigInt(hostNetwork ? 0 : LOOK * 1e6);
  do {
    for (const one of usersOf(machine, target)) if (isSingled(one)) return as(unlessRoot(one));
    await new Promise<void>((resolve) => machine.after(STEP, resolve));
  } while (machine.now() < until);
  // Rules of the host that are for none of its own users are no affair of who shares its network.
  return { user, byCgroup, forNobody: hostNetwork ? [] : rules };
}
