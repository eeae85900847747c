/** Two bridges of one namespace that a pair of interfaces makes one segment. */
import { isPeer, type Link, type Stack } from '../model/stack.ts';

export interface Cable {
  /** The port of the first bridge, and of the second. */
  readonly near: Link;
  readonly far: Link;
}

/** The cable between them, both ends in this namespace; undefined where there is none. */
export function cableBetween({ links }: Stack, one: Link, other: Link): Cable | undefined {
  const ports = (bridge: Link): Link[] =>
    links.filter(({ master, nsid }) => master === bridge.name && nsid === null);
  for (const near of one === other ? [] : ports(one)) {
    const far = ports(other).find((end) => isPeer(near, end));
    if (far) return { near, far };
  }
  return undefined;
}
