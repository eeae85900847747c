import { isPeer, type Link } from '../model/stack.ts';
import type { Place } from './place.ts';
import type { World } from './world.ts';

const LONGEST = 15;

/** `vethred`, with a number behind it from the second on. */
function candidate(label: string, n: number): string {
  const number = n === 0 ? '' : String(n);
  return `veth${label.replace(/[^\w.-]/g, '').slice(0, LONGEST - 4 - number.length)}${number}`;
}

/** The port by which an interface of a container hangs on this bridge, or was about to when a run was interrupted. */
export async function portOf(end: Link, place: Place, bridge: string, world: World): Promise<string | null> {
  const port = (await world.stack()).links.find((link) => isPeer(link, end));
  if (!port || (port.master !== null && port.master !== bridge)) return null;
  const named = [...Array(10).keys()].some((n) => candidate(place.label, n) === port.name);
  return named ? port.name : null;
}

/** A free name for the host's end of a container's veth pair. */
export async function portName(place: Place, world: World, used: readonly string[]): Promise<string> {
  for (let n = 0; ; n += 1) {
    const name = candidate(place.label, n);
    if (!used.includes(name) && !(await world.link(undefined, name))) return name;
  }
}
