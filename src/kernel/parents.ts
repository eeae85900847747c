/** Macvlan and ipvlan children, and the interface of the host they hang from. */

import type { Scene } from '../model/scene.ts';
import { type Link, linkByIndex, linkHolding, type Stack } from '../model/stack.ts';
import { decide } from './routing.ts';

export interface Child {
  readonly link: Link;
  readonly parent: Link;
}

const CHILD = /^(macvlan|macvtap|ipvlan|ipvtap)$/;

export const isChild = (link: Pick<Link, 'kind'>): boolean => CHILD.test(link.kind);

/** The host interface that this link of another namespace hangs from. */
export function childOf(scene: Pick<Scene, 'stacks'>, link: Link | undefined): Child | undefined {
  if (!link || !isChild(link) || link.link === null) return undefined;
  const parent = linkByIndex(scene.stacks.host, link.link);
  return parent && { link, parent };
}

/** The child of the host's interfaces that holds this address in that namespace. */
export const childHolding = (
  scene: Pick<Scene, 'stacks'>,
  stack: Stack | null,
  address: string,
): Child | undefined => (stack ? childOf(scene, linkHolding(stack, address)) : undefined);

export const modeOf = (link: Link): string | null =>
  typeof link.data.mode === 'string' ? link.data.mode : null;

/**
 * Does this host hear the next hop that a child on the same wire asks for in vain? By its own neighbour table, or by an
 * answer to its own probe, where it sends by the same next hop.
 */
export function hostHears(scene: Pick<Scene, 'stacks' | 'flow' | 'control'>, nextHop: string): boolean {
  const { stacks, flow, control } = scene;
  if (stacks.host.neighbours.some(({ address, mac }) => address === nextHop && mac !== null)) return true;
  const own = decide(stacks.host, {
    family: flow.family,
    destination: flow.address,
    source: null,
    iif: null,
  });
  const same = own.kind === 'route' && (own.route.gateway ?? flow.address) === nextHop;
  return same && control?.answered === true;
}
