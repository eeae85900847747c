/** The network that a recipe has to do with, drawn from what the kernel says of it now. */
import { isPeer, type Link } from '../model/stack.ts';
import type { Place } from './place.ts';
import type { World } from './world.ts';

/** One line for each interface of each container of the recipe, with what it hangs on. */
export async function pictureOf(world: World): Promise<readonly string[]> {
  const places = world.places.filter((place) => place.path !== null);
  const label = Math.max(0, ...places.map((place) => place.label.length));
  const lines = await Promise.all(
    places.map((place) => placeLines(place, place.label.padEnd(label), places, world)),
  );
  const width = Math.max(0, ...lines.flat().map(([left]) => left.length));
  return lines.flat().map(([left, right]) => (right === '' ? left : `${left.padEnd(width)} ── ${right}`));
}

async function placeLines(
  place: Place,
  label: string,
  places: readonly Place[],
  world: World,
): Promise<readonly (readonly [string, string])[]> {
  if (!world.exists(place)) return [[`${label}  not there yet`, '']];
  const links = (await world.stack(place.text)).links.filter((link) => link.name !== 'lo');
  if (links.length === 0) return [[`${label}  no interface`, '']];
  return Promise.all(
    links.map(
      async (link) => [`${label}  ${described(link)}`, await farEnd(link, place, places, world)] as const,
    ),
  );
}

/** `eth0 10.0.0.2/24`, and whether it is off. */
const described = (link: Link): string =>
  [
    link.name,
    ...link.addresses.filter((one) => one.family === 4).map((one) => `${one.address}/${one.prefix}`),
    ...(link.up ? [] : ['off']),
  ].join(' ');

/** What an interface of a container leads to: the host's port and its bridge, another container, or a parent. */
async function farEnd(link: Link, place: Place, places: readonly Place[], world: World): Promise<string> {
  const host = (await world.stack()).links;
  if (link.kind === 'macvlan' || link.kind === 'ipvlan') {
    return `${link.kind} of ${host.find((one) => one.ifindex === link.link)?.name ?? 'the host'}`;
  }
  const port = host.find((one) => isPeer(one, link));
  if (port) {
    const bridge = host.find((one) => one.name === port.master);
    const off = port.up ? '' : ' off';
    return bridge ? `${port.name}${off} ── ${described(bridge)}` : `${port.name}${off}`;
  }
  for (const other of places.filter((one) => one !== place && world.exists(one))) {
    const end = (await world.stack(other.text)).links.find((one) => isPeer(one, link));
    if (end) return `${end.name} ${other.label}`;
  }
  return '';
}
