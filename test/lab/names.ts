/** The five machines of the lab, under the names that scenarios use. */
export const places = ['host', 'A', 'B', 'C', 'LAN'] as const;
export type Place = (typeof places)[number];

let instances = 0;

/** A prefix that no other lab on this machine has: the process that builds it, and its count there. */
export function uniqueId(): string {
  instances += 1;
  return `nd${process.pid.toString(36)}${instances}`;
}

/** The namespace that plays one of the machines in the lab with this id. */
export function namespaceName(id: string, place: Place): string {
  return `${id}-${place.toLowerCase()}`;
}

/** Where `ip netns` keeps the handle of a namespace. */
export function namespacePath(name: string): string {
  return `/run/netns/${name}`;
}
