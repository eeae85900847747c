/** Whoever is asked has an interface of its own in the network of who asks, and answers by that one. */
import type { Side } from '../model/facts.ts';
import type { Scene } from '../model/scene.ts';
import { linkNamed } from '../model/stack.ts';
import { decide, type Routing } from './routing.ts';
import { netnsOf } from './travel.ts';

export interface OtherLeg {
  readonly side: Side;
  readonly netns: ReturnType<typeof netnsOf>;
  /** The interface by which it was asked, and that by which it answers. */
  readonly asked: string;
  readonly dev: string;
  /** Addresses of that interface, of the flow's family. */
  readonly addresses: readonly string[];
  readonly source: string;
  readonly destination: string;
  readonly found: Extract<Routing, { kind: 'route' }>;
}

/**
 * A host between the two sees half of such a connection: the handshake passes, and its connection tracking takes what follows
 * for what it has never seen begin. Undefined where the answer was seen on the way that the request took, or nobody saw it.
 */
export function otherLeg(scene: Scene): OtherLeg | undefined {
  const { path, stacks, flow, exchange } = scene;
  const last = path.hops.at(-1);
  const side = last?.where;
  const stack = side === undefined ? null : stacks[side];
  const passesHost = path.stages.includes('forward');
  if (!exchange?.answeredBeside || !last || !side || !stack || !passesHost || path.ending === 'outside')
    return undefined;
  const source = path.realDestination;
  const destination = path.sourceAddress;
  if (destination === null) return undefined;
  const { family } = flow;
  const found = decide(stack, { family, destination, source, iif: null });
  if (found.kind !== 'route' || found.route.dev === null || found.route.dev === last.name) return undefined;
  const { dev } = found.route;
  const addresses = (linkNamed(stack, dev)?.addresses ?? []).filter(
    (one) => one.family === family && one.scope === 'global',
  );
  return {
    side,
    netns: netnsOf(scene, side),
    asked: last.name,
    dev,
    addresses: addresses.map(({ address }) => address),
    source,
    destination,
    found,
  };
}
