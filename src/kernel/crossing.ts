/** How a frame crosses the bridge of the segment on which it is lost. */

import type { Hop } from '../model/path.ts';
import { linkNow, type Scene } from '../model/scene.ts';
import { type Link, linkHolding, linkNamed } from '../model/stack.ts';
import { bridgePorts } from './bridge-port.ts';
import { outgoing, travel } from './travel.ts';

export interface Crossing {
  readonly bridge: Link;
  /** The port by which the frame comes in; undefined when the host sends it by the bridge itself. */
  readonly enter: Link | undefined;
  /** The port by which it should leave; undefined when it is for the bridge itself. */
  readonly leave: Link | undefined;
}

/** Undefined where the packets are not lost near a bridge whose ports the path knows. */
export function crossing(scene: Scene, segment = outgoing(scene)): Crossing | undefined {
  const hops = segment?.hops ?? [];
  const known = bridgePorts(scene);
  if (!known.some(({ near }) => near)) return undefined;
  const ports = inOneBridge(
    scene,
    hops.flatMap((hop) => {
      const port = known.find(({ portId }) => portId === hop.id)?.port ?? outletOf(scene, hop);
      return port?.master ? [{ port, id: hop.id }] : [];
    }),
  );
  const [first, last] = [ports[0], ports.at(-1)];
  const bridge = linkNamed(scene.stacks.host, first?.master ?? null);
  if (!first || !last || !bridge) return undefined;
  // Its own published port: led back inside the bridge, by the port it came in by.
  if (ports.length === 1 && toItself(scene)) return { bridge, enter: first, leave: first };
  if (ports.length > 1) return { bridge, enter: first, leave: last };
  // The host sends by the bridge, or by an interface that stands on it for one VLAN.
  const at = (name: string): number => hops.findIndex((hop) => hop.where === 'host' && hop.name === name);
  return at(bridge.name) >= 0 && at(bridge.name) < at(first.name)
    ? { bridge, enter: undefined, leave: first }
    : { bridge, enter: first, leave: undefined };
}

/** Of several bridges in a row the one whose port saw the frame last, else the one that it comes to next. */
function inOneBridge(scene: Scene, ports: readonly { readonly port: Link; readonly id: string }[]): Link[] {
  const way = travel(scene);
  const come = (at: number): Link | undefined => ports.find(({ id }) => id === way?.hops[at]?.id)?.port;
  const { master } = come((way?.at ?? 0) - 1) ?? come(way?.at ?? 0) ?? ports[0]?.port ?? {};
  return ports.flatMap(({ port }) => (port.master === master ? port : []));
}

const toItself = ({ path, flow, stacks }: Scene): boolean =>
  path.origin === 'container' &&
  path.realDestination !== flow.address &&
  linkHolding(stacks.container, path.realDestination) !== undefined;

/** A card that is a port of the bridge has no container behind it. */
const outletOf = (scene: Scene, hop: Hop): Link | undefined =>
  hop.where === 'host' && hop.kind === 'uplink' ? linkNow(scene, hop) : undefined;
