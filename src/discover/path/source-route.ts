/** The decision of the namespace that sends, and the address that it would send from. */
import type { Machine } from '../../host/machine.ts';
import { covers } from '../../kernel/routing.ts';
import { chosenSource } from '../../kernel/source-choice.ts';
import type { Decision } from '../../model/path.ts';
import { routeGet } from '../route-get.ts';
import type { Side } from './builder.ts';

export interface SourceRoute {
  readonly route: Decision;
  /** Null where no source was found. */
  readonly address: string | null;
}

/**
 * A socket without an address asks first without one, and where that is refused once more with the one that it is given
 * (ip6_dst_lookup_tail(), net/ipv6/ip6_output.c): an IPv6 route that is for some sources only takes none without.
 * `ip route get` asks but once. `uid`: of the user whose socket it is, where not root's.
 */
export async function sourceRoute(
  machine: Machine,
  { netns, stack }: Pick<Side, 'netns' | 'stack'>,
  to: string,
  uid?: number,
): Promise<SourceRoute> {
  const as = uid === undefined ? {} : { uid };
  const route = await routeGet(machine, netns, { to, ...as });
  const isRefused = route.known && route.refusal !== null;
  const forSome = stack.routes.some((one) => one.from !== undefined && covers(one, to));
  const from = isRefused && forSome ? chosenSource(stack, to) : null;
  if (from === null) return { route, address: route.source };
  const again = await routeGet(machine, netns, { to, from, ...as });
  return { route: again, address: again.source ?? from };
}
