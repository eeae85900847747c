/** The way of a packet that somebody outside sends to a port this host publishes. */
import { type Link, linkHolding, linkNamed } from '../../model/stack.ts';
import type { PathBuilder } from './builder.ts';
import { predictDnat, type Real } from './dnat.ts';
import { type Crossing, throughHost } from './through-host.ts';

const DEFAULT = /^(0\.0\.0\.0|::)\/0$/;

/** The interface packets from outside come in by: the one with the address asked for, else the default route's. */
export function entrance({ host, flow }: Crossing): Link | undefined {
  const holder = linkHolding(host.stack, flow.address);
  if (holder && holder.kind !== 'bridge' && holder.kind !== 'loopback') return holder;
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
  builder.add(at.host, ingress, 'send', 'uplink');
  if (linkHolding(at.host.stack, real.address)) {
    builder.end('deliver', 'host');
    return real;
  }
  await throughHost(at, builder, ingress, source, real);
  return real;
}
