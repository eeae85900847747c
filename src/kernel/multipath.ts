/** Routes with several next hops: net/ipv4/fib_semantics.c (fib_select_multipath), net/ipv6/route.c. */
import type { Decision } from '../model/path.ts';
import type { Route, Stack } from '../model/stack.ts';
import { covers, prefixLength } from './routing.ts';

/** All next hops of the route that this decision took one of; empty where it has no other. */
export function siblings(stack: Stack, decision: Decision, destination: string): readonly Route[] {
  const table = decision.table ?? 'main';
  const of = (one: Route): boolean =>
    one.table === table &&
    one.type === 'unicast' &&
    !one.flags.includes('dead') &&
    one.family === (destination.includes(':') ? 6 : 4) &&
    covers(one, destination);
  const taken = stack.routes
    .filter((one) => of(one) && one.dev === decision.dev && one.gateway === decision.gateway)
    .sort((a, b) => prefixLength(b) - prefixLength(a) || a.metric - b.metric)[0];
  if (!taken) return [];
  const all = stack.routes.filter(
    (one) =>
      of(one) &&
      one.destination === taken.destination &&
      one.from === taken.from &&
      one.metric === taken.metric,
  );
  return all.length > 1 ? all : [];
}
