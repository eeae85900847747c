/**
 * Containers of other users' podman, as far as the host sees them: each has a conmon, whose arguments tell its id, its
 * name and where the pid of its first process stands. conmon(8). Their networks and ports only that user's podman knows.
 */
import { dirname } from 'node:path';
import type { Machine } from '../host/machine.ts';
import { argumentsOf, processes, wordBehind } from '../host/processes.ts';
import { firstProcess, runsConmon, usersOf } from './conmon.ts';

export interface Rootless {
  readonly id: string;
  readonly name: string;
  /** 0 once it has ended. */
  readonly pid: number;
  readonly user: number;
  /** The program that carries its packets, where one of the same user runs. */
  readonly helper: 'pasta' | 'slirp4netns' | null;
  readonly resolvConf: string | null;
}

/** As podman itself gives them, and takes them: libpod, define.NameRegex. */
const ID = /^[0-9a-f]{64}$/;
const NAME = /^[a-zA-Z0-9][\w.-]*$/;

const HELPER = /^(pasta|slirp4netns)/;

/** Root alone may look into other users' processes; for anybody else podman itself lists what is theirs. */
export function rootlessContainers(machine: Machine): readonly Rootless[] {
  if (machine.uid !== 0) return [];
  const all = processes(machine);
  const named = (pattern: RegExp) =>
    all.flatMap((pid) => {
      const comm = machine.read(`/proc/${pid}/comm`);
      return comm.known && pattern.test(comm.value) ? [{ pid, comm: comm.value.trim() }] : [];
    });
  const monitors = named(/^conmon$/m).flatMap(({ pid }) => monitored(machine, pid));
  if (monitors.length === 0) return [];
  const helpers = named(HELPER).map(({ pid, comm }) => ({
    user: usersOf(machine, pid)[0],
    helper: comm.startsWith('pasta') ? ('pasta' as const) : ('slirp4netns' as const),
  }));
  return monitors.map((one) => ({
    ...one,
    helper: helpers.find(({ user }) => user === one.user)?.helper ?? null,
  }));
}

function monitored(machine: Machine, pid: string): Omit<Rootless, 'helper'>[] {
  const [user] = usersOf(machine, pid);
  const words = argumentsOf(machine, pid);
  if (!user || words.length === 0 || !runsConmon(machine, pid)) return [];
  // Podman's own arguments follow behind, with letters of their own.
  const own = words.slice(0, words.indexOf('--exit-command') + 1 || words.length);
  const [id = '', name = '', file] = ['-c', '-n', '-p'].map((option) => wordBehind(own, option));
  if (!ID.test(id) || !file) return [];
  const first = firstProcess(machine, pid, user, file);
  if (first === undefined) return [];
  return [
    {
      id,
      name: NAME.test(name) ? name : id.slice(0, 12),
      pid: first,
      user,
      resolvConf: `${dirname(file)}/resolv.conf`,
    },
  ];
}
