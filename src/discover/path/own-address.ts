/** Is a packet for an address of the host's own taken in by it? */
import { decide } from '../../kernel/routing.ts';
import { type Link, linkHolding } from '../../model/stack.ts';
import type { Crossing } from './departure.ts';

/**
 * Holding an address is not enough: what decides is the first rule that leads to a route (fib_rules_lookup,
 * net/core/fib_rules.c), and rules may come before that for table local. True where nothing leads it on.
 */
export function takenIn({ host, flow }: Crossing, ingress: Link, source: string | null, to: string): boolean {
  if (!linkHolding(host.stack, to)) return false;
  const packet = { family: flow.family, destination: to, source, iif: ingress.name };
  const found = decide(host.stack, packet);
  return found.kind !== 'route' || found.route.type !== 'unicast' || found.route.dev === null;
}
