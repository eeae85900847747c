/** The interfaces by which somebody outside may come in. */
import type { Family } from '../model/flow.ts';
import {
  isDefaultRoute,
  isPair,
  type Link,
  linkHolding,
  linkNamed,
  type Route,
  type Stack,
} from '../model/stack.ts';

const isMain = ({ table }: Route): number => Number(table === 'main');

/** A bridge of containers alone leads nobody in; one with a card among its ports, or a default route, does. */
const leadsOut = (stack: Stack, link: Link): boolean =>
  link.kind !== 'loopback' &&
  (link.kind !== 'bridge' ||
    stack.routes.some((route) => route.dev === link.name && isDefaultRoute(route)) ||
    stack.links.some((port) => port.master === link.name && !isPair(port)));

/** Devices of the default routes: first those that an ordinary packet takes, then those that only a rule leads to. */
const ledTo = ({ routes }: Stack, family: Family): (string | null)[] =>
  routes
    .filter((one) => one.family === family && one.dev !== null && isDefaultRoute(one))
    .toSorted((a, b) => isMain(b) - isMain(a) || a.metric - b.metric)
    .map(({ dev }) => dev);

/** The first address of an interface that somebody outside may ask for. */
export const outerAddressOf = ({ addresses }: Link, family: Family): string | undefined =>
  addresses.find((one) => one.family === family && one.scope === 'global')?.address;

/** Those that hold an address of the family, the likeliest first. */
export function outerLinks(stack: Stack, family: Family): Link[] {
  const led = ledTo(stack, family);
  const rank = ({ name }: Link): number => (led.includes(name) ? led.indexOf(name) : led.length);
  return stack.links
    .filter((link) => leadsOut(stack, link) && outerAddressOf(link, family) !== undefined)
    .toSorted((a, b) => rank(a) - rank(b));
}

/** By which a packet for this address comes in: the one that holds it, else the one of the default route. */
export function outerLinkFor(stack: Stack, address: string, family: Family): Link | undefined {
  const holder = linkHolding(stack, address);
  if (holder && leadsOut(stack, holder)) return holder;
  const [first] = ledTo(stack, family);
  return linkNamed(stack, first ?? null);
}
