/** The way of a packet that somebody outside sends to a port this host publishes. */
import { outerLinkFor } from '../../kernel/outer-links.ts';
import { type Link, linkNamed } from '../../model/stack.ts';
import type { PathBuilder } from './builder.ts';
import type { Crossing } from './departure.ts';
import { predictDnat, type Real } from './dnat.ts';
import { takenIn } from './own-address.ts';
import { outletOf, ownerOf } from './owner.ts';
import { into, throughHost } from './through-host.ts';

/** The interface packets from outside come in by: the one by which somebody did, where that is known. */
export const entrance = ({ host, flow }: Crossing): Link | undefined =>
  flow.entrance === undefined
    ? outerLinkFor(host.stack, flow.address, flow.family)
    : linkNamed(host.stack, flow.entrance);

/** `source` is whoever asks: not known before the first packet. */
export async function fromOutside(at: Crossing, builder: PathBuilder, source: string | null): Promise<Real> {
  const ingress = entrance(at);
  const real = await predictDnat(at.machine, at.host.stack, at.flow, ingress?.name ?? null);
  if (!ingress) {
    builder.gap('no-uplink', 'the host has no interface that leads out');
    builder.end('beyond', 'container');
    return real;
  }
  if (ingress.kind === 'bridge') return byBridge(at, builder, ingress, source, real);
  builder.add(at.host, ingress, 'send', 'uplink');
  if (takenIn(at, ingress, source, real.address)) {
    builder.end('deliver', 'host');
    return real;
  }
  await throughHost(at, builder, ingress, source, real);
  return real;
}

/** The card is a port of the bridge: what is for one of its members passes from port to port, and is not routed. */
async function byBridge(
  at: Crossing,
  builder: PathBuilder,
  bridge: Link,
  source: string | null,
  real: Real,
): Promise<Real> {
  const { machine, host } = at;
  const outlet = outletOf(machine, host.stack, bridge.name, source);
  if (outlet) builder.add(host, outlet, 'send', 'uplink');
  const member = ownerOf(machine, host.stack, real.address, bridge.name);
  if (member && outlet) {
    await into(at, builder, member, 'bridge');
    return real;
  }
  builder.add(host, bridge, outlet ? 'port' : 'send');
  if (takenIn(at, bridge, source, real.address)) builder.end('deliver', 'host');
  else await throughHost(at, builder, bridge, source, real);
  return real;
}
