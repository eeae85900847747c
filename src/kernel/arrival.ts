/** Where the request got to, and with which address and port, after whatever rewrote it. */
import type { Side } from '../model/facts.ts';
import type { Hop } from '../model/path.ts';
import { type Scene, seen } from '../model/scene.ts';
import { linkHolding } from '../model/stack.ts';

export interface Arrival {
  /** The furthest hop that saw the request, or null when none did. */
  readonly hop: Hop | null;
  readonly address: string;
  readonly port: number | null;
  readonly source: string | null;
  readonly rewritten: boolean;
}

/** The request as the furthest hop saw it; as it was asked where no hop saw it. */
export function arrival(scene: Scene): Arrival {
  const { flow, path } = scene;
  for (const hop of [...path.hops].reverse()) {
    const request = seen(scene, hop.id, 'request')[0];
    if (!request) continue;
    const port = request.destinationPort ?? flow.port;
    return {
      hop,
      address: request.destination,
      port,
      source: request.source,
      rewritten: request.destination !== flow.address || port !== flow.port,
    };
  }
  return {
    hop: null,
    address: flow.address,
    port: flow.port,
    source: path.sourceAddress,
    rewritten: false,
  };
}

const LOOPBACK = /^(127\.|::1$)/;

export const isLoopback = (address: string): boolean => LOOPBACK.test(address);

/** In which namespace of this host the address asked for lives; null: past this host, or nowhere. */
export function ownerOf(scene: Scene, address: string): Side | null {
  const { container, host, other } = scene.stacks;
  const origin = scene.flow.from;
  if (isLoopback(address))
    return origin === 'container' || origin === 'host' || origin === 'other' ? origin : null;
  if (scene.path.ending === 'host' && linkHolding(host, address)) return 'host';
  if (other && linkHolding(other, address)) return 'other';
  if (linkHolding(container, address)) return 'container';
  return linkHolding(host, address) ? 'host' : null;
}

/** How that namespace is called on the screen. */
export const sideName = (scene: Pick<Scene, 'target' | 'flow'>, side: Side): string =>
  side === 'container' ? scene.target.name : side === 'host' ? 'this host' : scene.flow.to;
