/** Which addresses and networks of this machine are taken, and by whom. */
import { listTargets } from '../discover/target.ts';
import { type Network, networkOf, overlap } from './network.ts';
import type { World } from './world.ts';

/**
 * Every IPv4 address that the host, its containers or their neighbours are known to have, or that an answer has
 * promised to another place than `holder`; with its owner's name.
 */
export async function takenAddresses(world: World, holder: string): Promise<ReadonlyMap<string, string>> {
  const taken = new Map<string, string>();
  for (const [address, place] of world.promised) {
    if (place !== holder) taken.set(address, world.place(place).label);
  }
  const { candidates } = await listTargets(world.machine);
  for (const { name, addresses } of candidates) for (const address of addresses) taken.set(address, name);
  for (const place of world.places) {
    const stack = await world.stack(place.text);
    for (const { address, state } of stack.neighbours) {
      if (!state.some((one) => /FAILED|INCOMPLETE/.test(one))) taken.set(address, 'a neighbour');
    }
    for (const link of stack.links) {
      for (const { address } of link.addresses) taken.set(address, `${place.label} (${link.name})`);
    }
  }
  return taken;
}

/** Who on the host, or in its containers, has a route into this network; interfaces in `except` do not count. */
export async function networkUser(
  network: Network,
  world: World,
  except: ReadonlySet<string>,
): Promise<string | null> {
  for (const place of world.places) {
    for (const route of (await world.stack(place.text)).routes) {
      if (route.family !== 4 || route.destination === '0.0.0.0/0' || route.dev === 'lo') continue;
      if (route.table !== 'main' || (route.dev && except.has(`${place.text} ${route.dev}`))) continue;
      const other = networkOf(route.destination);
      if (other && overlap(network, other))
        return `${place.label} reaches ${route.destination} by ${route.dev ?? route.type}`;
    }
  }
  return null;
}
