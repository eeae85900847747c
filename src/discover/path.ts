/** The path of one flow through this host, asked of the kernel. */
import type { Machine } from '../host/machine.ts';
import { cannotLook } from '../model/failure.ts';
import type { Flow } from '../model/flow.ts';
import type { Path } from '../model/path.ts';
import type { Stack } from '../model/stack.ts';
import type { Target } from '../model/target.ts';
import { PathBuilder, type Side } from './path/builder.ts';
import { predictDnat } from './path/dnat.ts';
import { fromHost } from './path/from-host.ts';
import { fromNamespace } from './path/from-namespace.ts';
import { routeGet } from './route-get.ts';
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

/** State of the target's namespace and of the host's, side by side. */
export async function readStacks(machine: Machine, target: Target): Promise<Omit<Stacks, 'other'>> {
  const [container, host] = await Promise.all([readStack(machine, target.netns), readStack(machine, null)]);
  for (const [whose, answer] of [
    [target.name, container],
    ['the host', host],
  ] as const) {
    if (answer.known) continue;
    throw cannotLook(
      answer.because,
      `The network of ${whose} could not be read: ${answer.detail}.`,
      answer.because === 'no-such-tool'
        ? 'apt install iproute2'
        : `Run it as root: sudo netdoctor ${target.name}`,
    );
  }
  return { container: (container as { value: Stack }).value, host: (host as { value: Stack }).value };
}

export async function discoverPath(
  machine: Machine,
  target: Target,
  flow: Flow,
  stacks: Omit<Stacks, 'other'>,
): Promise<Discovery> {
  const host: Side = { where: 'host', netns: null, stack: stacks.host };
  const own: Side = { where: 'container', netns: target.netns, stack: stacks.container };
  const builder = new PathBuilder();
  if (flow.from === 'host') {
    const real = await predictDnat(machine, host.stack, flow, null);
    const route = await routeGet(machine, null, { to: real.address });
    await fromHost({ machine, flow, host, target: own }, builder, route, real);
    const path = builder.build('host', route, route.source, real.address);
    return { path, stacks: { ...stacks, other: builder.other?.stack ?? null } };
  }
  const route = await routeGet(machine, target.netns, { to: flow.address });
  const sourceAddress = route.source ?? firstAddress(own.stack, flow);
  const at = {
    machine,
    flow,
    host,
    target: own,
    source: own,
    networks: target.networks,
    route,
    sourceAddress,
  };
  await fromNamespace(at, builder);
  const path = builder.build('container', route, sourceAddress, flow.address);
  return { path, stacks: { ...stacks, other: builder.other?.stack ?? null } };
}

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
