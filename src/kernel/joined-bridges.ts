/** Two bridges of one namespace that a pair of interfaces makes one segment, or made until an end was taken out. */
import { isPair, isPeer, type Link, type Stack } from '../model/stack.ts';

export interface Cable {
  /** The port of the first bridge, and of the second. */
  readonly near: Link;
  readonly far: Link;
}

/** The cable between them, both ends in this namespace; undefined where there is none. */
export const cableBetween = (stack: Stack, one: Link, other: Link): Cable | undefined =>
  isSame(one, other) ? undefined : cable(portsOf(stack, one), portsOf(stack, other));

/**
 * A cable of which one end is a port of either bridge, and the other end is unused: a port of none, without an address and a
 * route, and nothing stands on it (a VLAN, a macvlan). Undefined where there is none, and where several ends could be meant.
 */
export const cableUnplugged = (stack: Stack, one: Link, other: Link): Cable | undefined =>
  isSame(one, other) || other.kind !== 'bridge'
    ? undefined
    : unplugged(portsOf(stack, one), portsOf(stack, other), unusedEnds(stack));

const isSame = (one: Link, other: Link): boolean => one.ifindex === other.ifindex;

const unusedEnds = (stack: Stack): Link[] =>
  stack.links.filter(
    (link) =>
      isPair(link) &&
      link.nsid === null &&
      link.master === null &&
      link.addresses.every(({ scope }) => scope === 'link') &&
      !stack.links.some((one) => !isPair(one) && one.nsid === null && one.link === link.ifindex) &&
      // The kernel's own are those of IPv6 inside the link.
      !stack.routes.some((route) => route.dev === link.name && route.protocol !== 'kernel'),
  );

function unplugged(
  here: readonly Link[],
  there: readonly Link[],
  unused: readonly Link[],
): Cable | undefined {
  const found = [
    ...here.flatMap((port) => cable([port], unused) ?? []),
    ...there.flatMap((port) => cable(unused, [port]) ?? []),
  ];
  return found.length === 1 ? found[0] : undefined;
}

/** The one that stands, else the one that was unplugged. */
export const cableOf = (stack: Stack, one: Link, other: Link): Cable | undefined =>
  cableBetween(stack, one, other) ?? cableUnplugged(stack, one, other);

/** The bridges that cables join to this one, or joined until an end was taken out, each with its cable. */
export function joinedTo(stack: Stack, bridge: Link): { readonly to: Link; readonly cable: Cable }[] {
  // Most bridges have no pair whose ends are both in this namespace.
  if (!stack.links.some((link) => isPair(link) && link.nsid === null)) return [];
  const others = stack.links.filter((link) => link.kind === 'bridge' && !isSame(link, bridge));
  if (others.length === 0) return [];
  const [here, unused] = [portsOf(stack, bridge), unusedEnds(stack)];
  return others.flatMap((to) => {
    const there = portsOf(stack, to);
    const found = cable(here, there) ?? unplugged(here, there, unused);
    return found ? { to, cable: found } : [];
  });
}

const portsOf = ({ links }: Stack, bridge: Link): Link[] =>
  links.filter(({ master, nsid }) => master === bridge.name && nsid === null);

function cable(some: readonly Link[], others: readonly Link[]): Cable | undefined {
  for (const near of some) {
    const far = others.find((end) => isPeer(near, end));
    if (far) return { near, far };
  }
  return undefined;
}
