/** The target of a runtime that tells no more than the first process of a container, and its networks where it can. */
import type { Machine } from '../host/machine.ts';
import type { Netns } from '../model/netns.ts';
import type { Network, PublishedPort, Target } from '../model/target.ts';
import { namespaceOf } from './running.ts';

export interface Told {
  readonly runtime: string;
  readonly name: string;
  readonly id: string | null;
  readonly state: string;
  readonly pid: number;
  /** Where it is known apart from the process, as a pod's. */
  readonly netns?: Netns;
  readonly start: string;
  readonly inspect: string;
  readonly about: string;
  readonly mode?: string | null;
  readonly resolvConf?: string | null;
  readonly networks?: readonly Network[];
  readonly ports?: readonly PublishedPort[];
}

/** @throws Failure for one that does not run, or may not be entered */
export function processTarget(machine: Machine, told: Told): Target {
  const netns = told.netns ?? namespaceOf(machine, told);
  return {
    runtime: told.runtime,
    name: told.name,
    id: told.id,
    pid: told.pid > 0 ? told.pid : null,
    netns,
    hostNetwork: netns.inode === machine.self.inode,
    mode: told.mode ?? null,
    networks: told.networks ?? [],
    ports: told.ports ?? [],
    resolvConf: told.resolvConf ?? null,
    about: told.about,
  };
}
