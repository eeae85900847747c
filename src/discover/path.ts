/** The path of one flow through this host, asked of the kernel. */

import { installLine } from '../host/installing.ts';
import type { Machine } from '../host/machine.ts';
import type { NotKnown } from '../model/answer.ts';
import { cannotLook, type Failure } from '../model/failure.ts';
import type { Flow } from '../model/flow.ts';
import type { Decision, Path } from '../model/path.ts';
import { isDefaultRoute, isPair, peerIndex, type Stack } from '../model/stack.ts';
import type { Target } from '../model/target.ts';
import { AS_ROOT } from './ability.ts';
import { PathBuilder, type Side } from './path/builder.ts';
import { predictDnat } from './path/dnat.ts';
import { fromHost } from './path/from-host.ts';
import { fromNamespace } from './path/from-namespace.ts';
import { fromOutside } from './path/from-outside.ts';
import { sourceRoute } from './path/source-route.ts';
import { readStack } from './stack.ts';

export interface Stacks {
  readonly container: Stack;
  readonly host: Stack;
  readonly other: Stack | null;
}

export interface Discovery {
  readonly path: Path;
  readonly stacks: Stacks;
}

const unreadable = (whose: string, { because, detail }: NotKnown): Failure =>
  cannotLook(
    because,
    `The network of ${whose} could not be read: ${detail}.`,
    because === 'no-such-tool' ? installLine('ip') : AS_ROOT,
  );

/** State of the target's namespace and of the host's. `isFirst`: of many links of the host the `first` will do. */
export async function readStacks(
  machine: Machine,
  target: Target,
  isFirst = false,
): Promise<Omit<Stacks, 'other'>> {
  const container = await readStack(machine, target.netns);
  if (!container.known) throw unreadable(target.name, container);
  const ends = isFirst ? container.value.links.filter(isPair).map(peerIndex) : undefined;
  const host = await readStack(machine, null, ends, isFirst ? 'anew' : undefined);
  if (!host.known) throw unreadable('the host', host);
  return { container: container.value, host: host.value };
}

export async function discoverPath(
  machine: Machine,
  {
    target,
    source,
    uid,
  }: { readonly target: Target; readonly source: Target | null; readonly uid?: number | undefined },
  flow: Flow,
  stacks: Omit<Stacks, 'other'>,
): Promise<Discovery> {
  const host: Side = { where: 'host', netns: null, stack: stacks.host };
  const own: Side = { where: 'container', netns: target.netns, stack: stacks.container };
  const builder = new PathBuilder();
  if (flow.from === 'outside') {
    const at = { machine, flow, host, target: own };
    // Any neighbour of the uplink stands for the sender, until it is known who asks.
    const asker = gatewayOf(host.stack, flow);
    const real = await fromOutside(at, builder, asker);
    const path = builder.build('outside', unasked, asker, real.address, real.port);
    return { path, stacks: { ...stacks, other: builder.other?.stack ?? null } };
  }
  if (flow.from === 'host') {
    const real = await predictDnat(machine, host.stack, flow, null);
    const { route, address } = await sourceRoute(machine, host, real.address);
    await fromHost({ machine, flow, host, target: own }, builder, route, real);
    const path = builder.build('host', route, address, real.address, real.port);
    return { path, stacks: { ...stacks, other: builder.other?.stack ?? null } };
  }
  const from: Side = source
    ? { where: 'other', netns: source.netns, stack: await stackOf(machine, source) }
    : own;
  const { route, address } = await sourceRoute(machine, from, flow.address, uid);
  const sourceAddress = address ?? firstAddress(from.stack, flow);
  const { networks } = source ?? target;
  await fromNamespace(
    { machine, flow, host, target: own, source: from, networks, route, sourceAddress },
    builder,
  );
  const real = builder.real ?? flow;
  const built = builder.build(source ? 'other' : 'container', route, sourceAddress, real.address, real.port);
  const path = uid === undefined ? built : { ...built, uid };
  const other = source ? from.stack : (builder.other?.stack ?? null);
  return { path, stacks: { ...stacks, other } };
}

async function stackOf(machine: Machine, target: Target): Promise<Stack> {
  const answer = await readStack(machine, target.netns);
  if (answer.known) return answer.value;
  throw unreadable(target.name, answer);
}

const unasked: Decision = {
  known: false,
  refusal: null,
  dev: null,
  gateway: null,
  source: null,
  table: null,
  type: null,
  argv: [],
};

const gatewayOf = (stack: Stack, flow: Flow): string | null =>
  stack.routes.find((route) => route.family === flow.family && isDefaultRoute(route))?.gateway ?? null;

/** The address a packet of this family would carry, when no route says so. */
function firstAddress(stack: Stack, flow: Flow): string | null {
  for (const link of stack.links) {
    const own = link.addresses.find(
      (address) => address.family === flow.family && address.scope === 'global',
    );
    if (own) return own.address;
  }
  return null;
}
