/** From one bridge of the host to another by a cable between the two. */
import type { Machine } from '../../host/machine.ts';
import { type Cable, cableOf, joinedTo } from '../../kernel/joined-bridges.ts';
import type { StageKind } from '../../model/path.ts';
import type { Link } from '../../model/stack.ts';
import type { PathBuilder, Side } from './builder.ts';
import { type Owner, ownerOf } from './owner.ts';

/** Adds both ends, the first one reached through `stage`; one that was taken out of its bridge is still where the packet was meant to go. */
export function cross(host: Side, builder: PathBuilder, { near, far }: Cable, stage: StageKind): void {
  builder.add(host, near, stage);
  builder.add(host, far, 'wire');
  for (const { name, master } of [near, far])
    if (master === null) builder.gap('no-master', `${name} is a port of no bridge`);
}

/** To the bridge `to`; false where nothing joins the two. */
export function overCable(host: Side, builder: PathBuilder, from: Link, to: Link): boolean {
  const cable = cableOf(host.stack, from, to);
  if (cable) cross(host, builder, cable, 'bridge');
  return cable !== undefined;
}

/** Who holds an address, and the cable that leads to the bridge of his port from another one. */
export interface Across {
  readonly owner: Owner;
  readonly cable: Cable | undefined;
}

/** The owner of an address behind a port of `from`, or of a bridge that is joined to it. */
export function ownerAcross(
  machine: Machine,
  { stack }: Side,
  address: string,
  from: Link,
): Across | undefined {
  const near = ownerOf(machine, stack, address, from.name);
  if (near) return { owner: near, cable: undefined };
  for (const { to, cable } of joinedTo(stack, from)) {
    const owner = ownerOf(machine, stack, address, to.name);
    if (owner) return { owner, cable };
  }
  return undefined;
}
