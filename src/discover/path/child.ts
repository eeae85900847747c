/**
 * Macvlan and ipvlan children of an interface of the host: their namespaces know their parent, and the host lists none
 * of them.
 */
import type { Machine } from '../../host/machine.ts';
import { within } from '../../kernel/nat.ts';
import { isChild } from '../../kernel/parents.ts';
import { type Link, linkHolding } from '../../model/stack.ts';
import { readStack } from '../stack.ts';
import type { PathBuilder, Side } from './builder.ts';
import type { Departure } from './departure.ts';
import { namespaces } from './namespaces.ts';
import { holds } from './owner.ts';

export interface ChildOf {
  readonly side: Side;
  readonly link: Link;
}

/** The child beside or below `egress` that holds the address, in whatever namespace; undefined where none does. */
export async function childHolding(
  machine: Machine,
  { host, target }: { readonly host: Side; readonly target: Side },
  egress: Link,
  address: string,
): Promise<ChildOf | undefined> {
  const parent = isChild(egress) && egress.nsid === null ? egress.link : egress.ifindex;
  for (const netns of namespaces(machine)) {
    if (!holds(machine, netns, address)) continue;
    const isTarget = netns.inode === target.netns?.inode;
    const stack = isTarget ? target.stack : await readStack(machine, netns);
    const known = 'known' in stack ? (stack.known ? stack.value : undefined) : stack;
    const link = known && linkHolding(known, address);
    if (!known || !link || !isChild(link) || link.link !== parent) continue;
    // Another host's interface may have that index too.
    const id = machine.nsid(host.netns ?? machine.self, netns);
    if (id.known && id.value !== link.nsid) continue;
    return { side: isTarget ? target : { where: 'other', netns, stack: known }, link };
  }
  return undefined;
}

/** Does the host send to this address by that interface without a gateway, so that a child of it may own it? */
export const isOnLink = ({ stack }: Side, { name }: Link, address: string): boolean =>
  stack.routes.some(
    ({ dev, gateway, type, destination }) =>
      dev === name &&
      gateway === null &&
      type === 'unicast' &&
      !destination.endsWith('/0') &&
      within(address, destination),
  );

/** The way of a container on the wire of its parent: to a sibling, or out. */
export async function fromChild(at: Departure, builder: PathBuilder, first: Link): Promise<void> {
  const { machine, host, target, route, flow, source } = at;
  const parent = host.stack.links.find((link) => link.ifindex === first.link);
  if (!parent) {
    builder.gap('no-peer', `the parent of ${first.name} is not on this host's side`);
    return builder.end('beyond', flow.from === 'container' ? 'outside' : 'container');
  }
  const found =
    route.gateway === null && route.refusal === null
      ? await childHolding(machine, { host, target }, parent, flow.address)
      : undefined;
  const sibling = found && found.side.netns?.inode !== source.netns?.inode ? found : undefined;
  // Ipvlan hands a sibling's packets over without the parent (ipvlan_core.c); macvlan has it receive them (macvlan.c).
  if (!sibling || first.kind === 'macvlan') builder.add(host, parent, 'wire', 'uplink');
  if (!sibling) return builder.end('beyond', flow.from === 'container' ? 'outside' : 'container');
  builder.add(sibling.side, sibling.link, 'wire');
  builder.end('deliver', sibling.side.where === 'container' ? 'container' : 'other');
}
