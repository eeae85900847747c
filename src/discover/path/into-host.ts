/** Into the host's stack by one of its interfaces: rewritten by its rules first, then taken in or routed on. */
import type { Link } from '../../model/stack.ts';
import type { PathBuilder } from './builder.ts';
import type { Departure } from './departure.ts';
import { predictDnat } from './dnat.ts';
import { takenIn } from './own-address.ts';
import { throughHost } from './through-host.ts';

export async function intoHost(at: Departure, builder: PathBuilder, ingress: Link): Promise<void> {
  const real = await predictDnat(at.machine, at.host.stack, at.flow, ingress.name);
  builder.real = real;
  if (takenIn(at, ingress, at.sourceAddress, real.address)) {
    builder.end('deliver', 'host');
    return;
  }
  await throughHost(at, builder, ingress, at.sourceAddress, real);
}
