/** Who lives on this host and which interfaces are theirs, as a conversation asks it. */
import { takeInventory } from '../discover/inventory.ts';
import { readStack } from '../discover/stack.ts';
import { vethPairs } from '../discover/veth.ts';
import { installLine } from '../host/installing.ts';
import type { Machine } from '../host/machine.ts';
import { cannotLook } from '../model/failure.ts';
import type { Listed, Surroundings } from '../repl/surroundings.ts';

/** @throws Failure where this host's links cannot be read */
export async function allVeths(machine: Machine): ReturnType<Surroundings['veths']> {
  const host = await readStack(machine, null);
  if (!host.known) {
    const message = `This host's links could not be read: ${host.detail}.`;
    throw cannotLook(host.because, message, installLine('ip'));
  }
  const { inhabitants, silent } = await takeInventory(machine);
  return { pairs: vethPairs(machine, host.value, inhabitants), silent };
}

/** A runtime tells its containers' addresses; a bare namespace is looked into. */
export async function withAddresses(machine: Machine): Promise<Listed> {
  const { inhabitants, silent } = await takeInventory(machine);
  const candidates = inhabitants.map(({ candidate, stack }) => {
    if (candidate.addresses.length > 0 || stack === null) return candidate;
    const outward = stack.links.filter(({ kind }) => kind !== 'loopback');
    const addresses = outward.flatMap((link) => link.addresses.map(({ address }) => address));
    return { ...candidate, addresses: addresses.filter((address) => !LINK_LOCAL.test(address)) };
  });
  return { candidates, silent };
}

/** Every IPv6 interface has one, and it tells nobody where it is. */
const LINK_LOCAL = /^fe80:/i;
