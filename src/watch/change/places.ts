/** The namespaces that a way goes through, and what of them it goes by. */
import type { Ground } from '../ground.ts';
import type { Place } from './source.ts';

export function placesOf({ path, target, flow }: Ground): Place[] {
  const { hops, sourceRoute, hostRoute, sourceAddress, realDestination } = path;
  const neighbours = [flow.address, realDestination, sourceAddress, sourceRoute.gateway, hostRoute?.gateway];
  const found = new Map<number | null, Place>();
  const add = (where: Place['where'], netns: Place['netns'], devices: readonly string[]): void => {
    const key = netns?.inode ?? null;
    const before = found.get(key)?.devices ?? [];
    found.set(key, {
      where: found.get(key)?.where ?? where,
      netns,
      devices: [...new Set([...before, ...devices])],
      neighbours: neighbours.filter((one) => one !== null && one !== undefined),
    });
  };
  add('host', null, []);
  if (!target.hostNetwork) add('container', target.netns, []);
  for (const { where, netns, name, link } of hops)
    add(where, netns, link.master === null ? [name] : [name, link.master]);
  return [...found.values()];
}
