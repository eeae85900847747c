import { joined } from './pairs.ts';
import type { Place } from './place.ts';
import type { World } from './world.ts';

const LONGEST = 15;

/**
 * The host's end of a container's veth pair: `vethred`, with a number behind it when that name is another's. The name
 * of a pair that an earlier run laid is found again.
 */
export async function portName(place: Place, world: World, used: readonly string[]): Promise<string> {
  const inside = (await world.stack(place.text)).links;
  const label = place.label.replace(/[^\w.-]/g, '');
  for (let n = 0; ; n += 1) {
    const number = n === 0 ? '' : String(n);
    const name = `veth${label.slice(0, LONGEST - 4 - number.length)}${number}`;
    if (used.includes(name)) continue;
    const link = await world.link(undefined, name);
    if (!link || inside.some((end) => joined(link, end))) return name;
  }
}
