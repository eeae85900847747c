/** netdoctor's machine as a program inside the lab's host would see it, without being a process of its own there. */
import { localMachine } from '../../src/host/local.ts';
import type { Machine } from '../../src/host/machine.ts';
import type { Netns } from '../../src/model/netns.ts';
import type { Lab } from './lab.ts';

const follows = (file: string): boolean => /^\/proc\/(sys\/)?net\//.test(file);

export function hostedMachine(lab: Lab, env: Record<string, string> = {}): Machine {
  const machine = localMachine();
  const host = machine.netns(lab.namespace('host'));
  if (!host.known) throw new Error(host.detail);
  const inside = (file: string, where?: Netns | null) => where ?? (follows(file) ? host.value : null);
  return {
    ...machine,
    run: (command, options) => machine.run(command.in ? command : { ...command, in: host.value }, options),
    read: (file, where) => machine.read(file, inside(file, where)),
    nsid: (of, seenFrom) => machine.nsid(of, seenFrom ?? host.value),
    nsids: (all, seenFrom) => machine.nsids(all, seenFrom ?? host.value),
    linksBehind: (seenFrom, nsids) => machine.linksBehind(seenFrom ?? host.value, nsids),
    farEnds: (seenFrom, ends) => machine.farEnds(seenFrom ?? host.value, ends),
    linksIn: (where) => machine.linksIn(where ?? host.value),
    networkIn: (where, near) => machine.networkIn(where ?? host.value, near),
    routeIn: (where, asked) => machine.routeIn(where ?? host.value, asked),
    kernelTells: (what, where, asked) => machine.kernelTells(what, where ?? host.value, asked),
    balancingIn: (where) => machine.balancingIn(where ?? host.value),
    list: (folder, where) => machine.list(folder, inside(`${folder}/`, where)),
    self: host.value,
    env: { PATH: process.env.PATH, HOME: lab.folder, NETDOCTOR_STATE: `${lab.folder}/state`, ...env },
  };
}
