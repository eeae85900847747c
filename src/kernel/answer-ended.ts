/**
 * Did a rule end the answer, whichever way it was led? Beside what routes say: that an answer leaves by another uplink than the
 * request came in by harms nobody as long as its sender can be reached there too.
 */
import { isTunnel } from '../model/path.ts';
import { isDefaultRoute, linkNamed } from '../model/stack.ts';
import { holder } from './attachment.ts';
import { confirmed, NETFILTER, refuted } from './drops.ts';
import type { Returning } from './returning.ts';
import { covers } from './routing.ts';
import { endingHit, hookOf, type Ruled } from './rules.ts';

/** Hooks that come before the decision where a packet is led (nf_hooks, net/netfilter/core.c). */
const BEFORE_ROUTING = /^(ingress|prerouting)$/;

/**
 * A rule was seen to end the answer before it was led anywhere, or on a way to `dev` that would have done; there the kernel's word
 * is enough that one did, whichever it was. Reaches for the rules that were met only where the account of the drop leaves them open.
 */
export function endedByRule(scene: Ruled, way: Returning, dev: string | null): boolean {
  if (refuted(scene, NETFILTER)) return false;
  const hit = endingHit(scene);
  const isOfAnswer = hit?.direction === 'reply' && hit.side === way.side;
  if (isOfAnswer && BEFORE_ROUTING.test(hookOf(scene, hit))) return true;
  return (isOfAnswer || confirmed(scene, NETFILTER)) && dev !== null && mayLeadThere(scene, way, dev);
}

/** Whoever lives behind the expected interface, on its wire or in a container, is reached by no other; a tunnel leads elsewhere. */
function mayLeadThere(scene: Ruled, { stack, destination, expected }: Returning, dev: string): boolean {
  const isNear = stack.routes.some(
    (route) =>
      route.dev === expected &&
      route.type === 'unicast' &&
      route.gateway === null &&
      !isDefaultRoute(route) &&
      covers(route, destination),
  );
  const link = linkNamed(stack, dev);
  return !isNear && !holder(scene, destination) && link !== undefined && !isTunnel(link.kind);
}
