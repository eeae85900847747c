/** The interface by which the kernel takes a request to have come in, when it looks for the socket that gets it. */
import type { Side } from '../model/facts.ts';
import { type Scene, seen } from '../model/scene.ts';
import { type Link, linkHolding, linkNamed, type Stack } from '../model/stack.ts';
import { isLoopback } from './arrival.ts';
import { asking } from './travel.ts';
import { vrfOf } from './vrf.ts';

/** A port of a bridge or bond hands its frames to its master; an interface of a VRF stays what it is. */
function asRouted(stack: Stack, link: Link | undefined): Link | undefined {
  const master = linkNamed(stack, link?.master ?? null);
  return master && master.kind !== 'vrf' ? master : link;
}

/**
 * What a namespace sends to itself comes by the interface that holds the address, and not by lo: inet_iif() takes it from
 * the route, whose device ip_route_output_key_hash_rcu() keeps (net/ipv4/route.c); ip6_rcv_core() does the same.
 *
 * @returns undefined where nobody saw it come
 */
export function ingressOf(scene: Scene, side: Side, address: string): Link | undefined {
  const stack = scene.stacks[side];
  if (!stack) return undefined;
  if (isLoopback(address)) return stack.links.find(({ kind }) => kind === 'loopback');
  const { from } = scene.flow;
  const asks = from === 'outside' || from === 'other' ? from : asking(scene);
  if (asks === side) return linkHolding(stack, address);
  const last = scene.path.hops.findLast(
    (hop) => hop.where === side && seen(scene, hop.id, 'request').length > 0,
  );
  return last && asRouted(stack, linkNamed(stack, last.name));
}

/** Does a socket that is bound to `device` get what comes in by the link? One bound to a VRF gets what its interfaces do (sdif). */
export const isBoundTo = (stack: Stack, device: string, link: Link): boolean =>
  device === link.name || device === vrfOf(stack, link.name)?.name;
