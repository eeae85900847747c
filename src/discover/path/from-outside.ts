/** The way of a packet that somebody outside sends to a port this host publishes. */
import { isPair, type Link, linkHolding, linkNamed, type Stack } from '../../model/stack.ts';
import type { PathBuilder } from './builder.ts';
import type { Crossing } from './departure.ts';
import { predictDnat, type Real } from './dnat.ts';
import { takenIn } from './own-address.ts';
import { outletOf, ownerOf } from './owner.ts';
import { into, throughHost } from './through-host.ts';

const DEFAULT = /^(0\.0\.0\.0|::)\/0$/;

/** The interface packets from outside come in by: the one with the address asked for, else the default route's. */
export function entrance({ host, flow }: Crossing): Link | undefined {
  const holder = linkHolding(host.stack, flow.address);
  const outward = (link: Link): boolean => link.kind !== 'loopback' && outerBridge(host.stack, link);
  if (holder && outward(holder)) return holder;
  const route = host.stack.routes
    .filter((one) => one.family === flow.family && DEFAULT.test(one.destination) && one.dev !== null)
    .sort((a, b) => a.metric - b.metric)[0];
  return linkNamed(host.stack, route?.dev ?? null);
}

/** `source` is whoever asks: not known before the first packet. */
export async function fromOutside(at: Crossing, builder: PathBuilder, source: string | null): Promise<Real> {
  const real = await predictDnat(at.machine, at.host.stack, at.flow, entrance(at)?.name ?? null);
  const ingress = entrance(at);
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

/** A bridge of containers alone is no entrance; one with a card among its ports, or a default route, is. */
const outerBridge = (stack: Stack, link: Link): boolean =>
  link.kind !== 'bridge' ||
  stack.links.some((port) => port.master === link.name && !isPair(port)) ||
  stack.routes.some((route) => route.dev === link.name && DEFAULT.test(route.destination));

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
