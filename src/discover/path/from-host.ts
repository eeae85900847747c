/** The way of a request that the host itself sends. */

import type { Decision } from '../../model/path.ts';
import { isPair, linkNamed } from '../../model/stack.ts';
import type { PathBuilder } from './builder.ts';
import type { Crossing } from './departure.ts';
import type { Real } from './dnat.ts';
import { outOf } from './through-host.ts';

export async function fromHost(
  at: Crossing,
  builder: PathBuilder,
  route: Decision,
  real: Real,
): Promise<void> {
  if (route.refusal !== null) builder.gap('no-route', route.refusal);
  const egress = linkNamed(at.host.stack, route.refusal === null ? route.dev : null) ?? towardsTarget(at);
  if (!egress) {
    builder.gap('no-interface', 'the host has no interface that leads there');
    return builder.end('beyond', 'container');
  }
  if (route.type === 'local' || egress.kind === 'loopback') {
    builder.add(at.host, egress, 'send');
    return builder.end('deliver', 'host');
  }
  await outOf(at, builder, egress, 'send', real, route);
}

/** Without a route: the bridge or veth the target hangs on, so that there is a path to show. */
function towardsTarget({ host, target }: Crossing) {
  const ends = host.stack.links.filter(isPair);
  const port = ends.find((end) => target.stack.links.some((own) => isPair(own) && own.link === end.ifindex));
  return linkNamed(host.stack, port?.master ?? null) ?? port;
}
