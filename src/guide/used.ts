/** Which addresses and networks of this machine are taken, and by whom. */
import { contains, type Network, networkOf, overlap } from './network.ts';
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
  for (const { candidate, stack } of await world.inhabitants()) {
    const own = stack?.links.filter((link) => link.name !== 'lo').flatMap((link) => link.addresses) ?? [];
    // What a runtime knows holds for a stopped container too: it comes back with its address.
    for (const address of [...candidate.addresses, ...own.map((one) => one.address)])
      taken.set(address, candidate.name);
  }
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

/**
 * Does somebody of a network that this host is directly part of answer for the address? Other networks are not asked:
 * the question would leave the host. One ping, and half a second for an answer.
 */
export async function isAnswered(address: string, world: World): Promise<boolean> {
  const { routes } = await world.stack();
  const near = routes.some((route) => {
    const network = route.table === 'main' && route.gateway === null ? networkOf(route.destination) : null;
    return network !== null && network.prefix > 0 && contains(network, address);
  });
  if (!near) return false;
  const answer = await world.look(undefined, ['ping', '-n', '-c1', '-W0.5', address]);
  return answer.known && answer.value.code === 0;
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
