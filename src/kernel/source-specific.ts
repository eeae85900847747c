/** IPv6 routes that are for the packets of some sources only (RTA_SRC; CONFIG_IPV6_SUBTREES, net/ipv6/ip6_fib.c). */
import type { Route, Stack } from '../model/stack.ts';
import { decide, isFor, type Packet, prefixLength, routeName } from './routing.ts';

export interface ForOthers {
  /** The one that would lead there. */
  readonly route: Route;
  /** CIDRs of the sources that routes to the same destination are for. */
  readonly sources: readonly string[];
}

/** Undefined where the packet's source is not what keeps it from a route. */
export function forOthers(stack: Stack, packet: Packet): ForOthers | undefined {
  const found = decide(stack, { ...packet, ofAnySource: true });
  if (found.kind !== 'route' || isFor(found.route, packet)) return undefined;
  const { route } = found;
  const beside = stack.routes.flatMap(({ destination, table, from }) =>
    destination === route.destination && table === route.table && from !== undefined ? [from] : [],
  );
  return { route, sources: [...new Set(beside)] };
}

/** `no route to 2001:db8:f::1 for packets from fd00:88::2: its default route is for sources in 2001:db8::/64 only` */
export const lackWords = ({ source, destination }: Packet, others: ForOthers | undefined): string =>
  others
    ? `no route to ${destination} for packets from ${source}: ${ownWords(others.route)} is for sources in ${others.sources.join(' or ')} only`
    : `no route to ${destination}`;

const ownWords = (route: Route): string =>
  prefixLength(route) === 0 ? 'its default route' : `its route to ${route.destination}`;

/** `the route default from 2001:db8::/64 via 2001:db8::2 dev up0 is not for fd00:88::2, and there is no other` */
export const notForWords = ({ route }: ForOthers, source: string | null): string =>
  `${routeName(route)} is not for ${source}, and no other leads there`;
