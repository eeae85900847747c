import type { Machine } from '../../host/machine.ts';
import { known } from '../../model/answer.ts';
import type { Netns } from '../../model/netns.ts';
import { leadsOut } from '../../model/path.ts';
import type { Resident } from '../../model/resident.ts';
import { namespaceName } from '../../words/telling.ts';
import { fact, type Ground } from '../fact.ts';
import { namespaces } from '../path/namespaces.ts';
import { holds } from '../path/owner.ts';

/** Namespaces that the flow is known to touch, and those on a wire that this host routes to, where its way out may lead. */
function isOnTheWay(machine: Machine, { target, path, stacks }: Ground): (netns: Netns) => boolean {
  const inodes = new Set([
    machine.self.inode,
    target.netns.inode,
    ...path.hops.map(({ netns }) => netns?.inode),
  ]);
  const wires = stacks.host.links.filter(
    ({ master, addresses }) => master === null && addresses.some(({ scope }) => scope === 'global'),
  );
  const behind = new Set([path.hops.find(leadsOut)?.link.nsid, ...wires.map(({ nsid }) => nsid)]);
  return (netns) => {
    if (inodes.has(netns.inode)) return true;
    const id = machine.nsid(netns, machine.self);
    // A namespace that no link of this host leads to belongs to another network altogether.
    return !id.known || id.value === null || behind.has(id.value);
  };
}

/**
 * Who else on this host holds the address that was asked for: a namespace beside the path. Source: /proc/net/fib_trie and
 * if_inet6 of each.
 */
export default fact({
  name: 'residents',
  gather(machine, ground) {
    const passed = isOnTheWay(machine, ground);
    const addresses = [...new Set([ground.flow.address, ground.path.realDestination])];
    let isWhole = machine.list('/proc').known;
    const found = namespaces(machine).flatMap((netns): Resident[] => {
      if (passed(netns)) return [];
      const held = addresses.map((address) => ({ address, holds: holds(machine, netns, address) }));
      // One that has gone meanwhile holds nothing any more.
      if (held.some((one) => one.holds === null) && machine.netns(netns.path).known) isWhole = false;
      const address = held.find((one) => one.holds)?.address;
      return address === undefined ? [] : [{ address, netns, name: namespaceName(netns) }];
    });
    return known({ found, isWhole }, ['ip', 'netns', 'list-id']);
  },
});
