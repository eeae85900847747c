/** The address that an end of a flow has, as the one who asks would use it. */
import { readStack } from '../discover/stack.ts';
import type { Machine } from '../host/machine.ts';
import { within } from '../kernel/nat.ts';
import { outerAddressOf, outerLinks } from '../kernel/outer-links.ts';
import { type End, familyOf } from '../model/ends.ts';
import { cannotLook, wrongCall } from '../model/failure.ts';
import type { Family, Origin } from '../model/flow.ts';
import type { Question } from '../model/question.ts';
import { isDefaultRoute, type Stack } from '../model/stack.ts';
import type { Target } from '../model/target.ts';
import { findTarget } from '../targets/target.ts';
import { shellLine } from '../words/text.ts';

/** What was asked, of whom, and what is known of both sides' network. */
export interface Asked {
  readonly machine: Machine;
  readonly question: Question;
  readonly target: Target;
  readonly stacks: { readonly container: Stack; readonly host: Stack };
  /** Aborts when the time is up. */
  readonly signal?: AbortSignal;
}

/** The address of an end that is no name. @throws Failure (exit 2) where there is none. */
export async function addressesOf(
  end: Exclude<End, { kind: 'name' }>,
  from: Origin,
  asked: Asked,
): Promise<string[]> {
  const { machine, question, stacks } = asked;
  switch (end.kind) {
    case 'address':
      return [end.address];
    case 'container':
      return [
        end.target === ''
          ? ownAddress(asked)
          : await addressBetween(await findTarget(machine, end.target), asked),
      ];
    case 'gateway':
      return [gatewayAddress(asked)];
    case 'host':
      return [from === 'outside' ? outerAddress(stacks.host, question) : hostAddress(asked)];
    case 'port':
      if (from === 'host' || from === 'other') return [ownAddress(asked)];
      return [from === 'outside' ? outerAddress(stacks.host, question) : hostAddress(asked)];
  }
}

const globals = (stack: Stack, family: Family): string[] =>
  stack.links
    .filter((link) => link.kind !== 'loopback')
    .flatMap((link) =>
      link.addresses
        .filter((one) => one.family === family && one.scope === 'global')
        .map((one) => one.address),
    );

/** The container's own address, of IPv4 where it has one. */
function ownAddress({ question, target: { name }, stacks }: Asked): string {
  const stack = stacks.container;
  const family = question.family ?? (globals(stack, 4).length > 0 ? 4 : 6);
  const first = globals(stack, family)[0];
  if (!first)
    throw wrongCall(
      'no-address',
      `${name} has no ${question.family === undefined ? '' : `IPv${family} `}address to ask for.`,
      `Ask from the container instead: ${shellLine(['netdoctor', name])}`,
    );
  return first;
}

/** The other container's address on a network that both are on; of none, its first. */
export async function addressBetween(
  other: Target,
  { machine, question, target, stacks }: Asked,
): Promise<string> {
  const stack = await readStack(machine, other.netns);
  const family = question.family ?? 4;
  // Where nobody may look into its namespace, its runtime tells.
  const told = other.networks.flatMap(({ addresses }) => addresses).filter((one) => familyOf(one) === family);
  const all = stack.known ? globals(stack.value, family) : told;
  const subnets = stacks.container.links.flatMap((link) =>
    link.addresses
      .filter((one) => one.family === family && one.scope === 'global')
      .map((one) => `${one.address}/${one.prefix}`),
  );
  const shared = all.find((address) => subnets.some((subnet) => within(address, subnet)));
  const chosen = shared ?? all[0];
  if (!chosen && !stack.known)
    throw cannotLook(
      stack.because,
      `The addresses of ${other.name} could not be read: ${stack.detail}.`,
      `Name the one to ask for: ${shellLine(['netdoctor', target.name, '--to', '198.51.100.1'])}`,
    );
  if (!chosen)
    throw wrongCall(
      'no-address',
      `${other.name} has no IPv${family} address.`,
      `Ask about ${other.name} first: ${shellLine(['netdoctor', other.name])}`,
    );
  return chosen;
}

function gatewayAddress({ question, target, stacks }: Asked): string {
  const family = question.family ?? 4;
  const found = stacks.container.routes.find(
    (route) => route.family === family && isDefaultRoute(route) && route.gateway,
  );
  const gateway =
    found?.gateway ?? target.networks.flatMap((one) => one.gateways).find((one) => familyOf(one) === family);
  if (!gateway)
    throw wrongCall(
      'no-gateway',
      `${target.name} has no IPv${family} gateway.`,
      'Name an address: --to 198.51.100.1',
    );
  return gateway;
}

/** The host as the container knows it: the address of its bridge, else the host's first. */
function hostAddress({ question, target, stacks }: Asked): string {
  const family = question.family ?? 4;
  const all = globals(stacks.host, family);
  const routes = stacks.container.routes.map((route) => route.gateway);
  const near = all.find((address) => routes.includes(address));
  const chosen = near ?? all[0];
  if (!chosen)
    throw wrongCall(
      'no-address',
      `This host has no IPv${family} address.`,
      `Name one: ${shellLine(['netdoctor', target.name, '--to', '198.51.100.1'])}`,
    );
  return chosen;
}

/** The host as somebody outside knows it: likeliest by the address of the interface that its default route uses. */
function outerAddress(stack: Stack, question: Question): string {
  const family = question.family ?? 4;
  const [first] = outerLinks(stack, family);
  const address = first && outerAddressOf(first, family);
  if (!address)
    throw wrongCall(
      'no-address',
      `This host has no IPv${family} address that somebody outside could ask for.`,
      'Name the address that is asked for: --from outside --to 192.0.2.1:8080',
    );
  return address;
}
