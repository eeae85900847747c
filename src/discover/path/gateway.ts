/**
 * A container that others leave by: their route names it as the gateway (a VPN container, a router in a namespace). Its own
 * kernel decides there, and its interfaces are hops like any other.
 */
import type { Cable } from '../../kernel/joined-bridges.ts';
import type { Decision } from '../../model/path.ts';
import { type Link, linkByIndex, linkHolding, linkNamed } from '../../model/stack.ts';
import { routeGet } from '../route-get.ts';
import { readStack } from '../stack.ts';
import type { PathBuilder, Side } from './builder.ts';
import type { Crossing } from './departure.ts';
import type { Real } from './dnat.ts';
import { cross } from './over-cable.ts';
import { type Owner, outletOf, ownerOf } from './owner.ts';
import { peerIn } from './peer.ts';

/** On from the host's stack, where the gateway has handed the packet back to it by `ingress`. */
export type Onward = (
  builder: PathBuilder,
  ingress: Link,
  source: string | null,
  real: Real,
) => Promise<void>;

export interface Passing {
  readonly at: Crossing;
  readonly source: string | null;
  readonly real: Real;
  readonly onward: Onward;
}

/**
 * Adds the way through the namespace behind `owner`, over the cable where that leads to its bridge. False, and nothing added, where that is no gateway but an end: it holds
 * the destination itself, cannot be looked into, or has been passed before.
 */
export async function throughGateway(
  passing: Passing,
  builder: PathBuilder,
  owner: Owner,
  stage: 'bridge' | 'port',
  cable?: Cable,
): Promise<boolean> {
  const { at, real } = passing;
  const { machine, host, target } = at;
  const known = [target, ...builder.hops].some(({ netns }) => netns?.inode === owner.netns.inode);
  const stack = known ? undefined : await readStack(machine, owner.netns);
  const entry = stack?.known ? linkByIndex(stack.value, owner.ifindex) : undefined;
  if (!stack?.known || !entry || linkHolding(stack.value, real.address)) return false;
  const side: Side = { where: 'other', netns: owner.netns, stack: stack.value };
  if (cable) cross(host, builder, cable, stage);
  builder.add(host, owner.port, stage);
  builder.add(side, entry, 'wire');
  await passOn(passing, builder, side, entry, owner.port);
  return true;
}

/**
 * On from `entry` of a namespace of this host whose kernel is to pass the packet on. `port`: the host's end of that leg,
 * where it has one.
 */
export async function passOn(
  passing: Passing,
  builder: PathBuilder,
  side: Side,
  entry: Link,
  port: Link | null,
): Promise<void> {
  const { at, source, real } = passing;
  const decision = await decided(at, side, entry, source, real);
  const exit = linkNamed(side.stack, decision.refusal === null ? decision.dev : null);
  // Its kernel has the packet and no way on for it: that is on this host, and not beyond it.
  if (!exit || exit.kind === 'loopback' || (exit === entry && port === null))
    return builder.end('forward', 'outside');
  // With one leg it gives by the interface that it takes by: the next hop is what lies behind both.
  if (exit === entry) builder.turn(port!);
  else builder.add(side, exit, 'forward');
  await behind(passing, builder, side, exit, decision, exit === entry ? 'forward' : 'wire');
}

/** What the gateway's kernel decides; where it refuses to forward, what it would do if it asked for itself. */
async function decided(
  { machine }: Crossing,
  side: Side,
  { name }: Link,
  source: string | null,
  { address }: Real,
): Promise<Decision> {
  const passed = await routeGet(machine, side.netns, { to: address, from: source, iif: name });
  return passed.refusal === null ? passed : routeGet(machine, side.netns, { to: address });
}

async function behind(
  { at, real, onward }: Passing,
  builder: PathBuilder,
  side: Side,
  exit: Link,
  { gateway }: Decision,
  stage: 'forward' | 'wire',
): Promise<void> {
  const { machine, host, flow } = at;
  const peer = peerIn(machine, exit, side.netns, host.stack);
  if (peer.found !== 'one') return builder.end('beyond', 'outside');
  const nextHop = gateway ?? real.address;
  const bridge = linkNamed(host.stack, peer.link.master);
  // What it sends for others mostly bears its own address.
  const own = exit.addresses.find(({ family, scope }) => family === flow.family && scope !== 'link')?.address;
  if (!bridge) {
    builder.add(host, peer.link, stage);
    return onward(builder, peer.link, own ?? null, real);
  }
  if (stage === 'wire') builder.add(host, peer.link, 'wire');
  const next = stage === 'wire' ? 'bridge' : stage;
  if (linkHolding(host.stack, nextHop)) {
    builder.add(host, bridge, stage === 'wire' ? 'port' : stage);
    return onward(builder, bridge, own ?? null, real);
  }
  const owner = ownerOf(machine, host.stack, nextHop, bridge.name);
  const outlet = owner ? undefined : outletOf(machine, host.stack, bridge.name, nextHop);
  if (owner || outlet) builder.add(host, (owner?.port ?? outlet)!, next, 'uplink');
  builder.end('beyond', 'outside');
}
