/** From the words of a question to the flow they mean. */

import ipaddr from 'ipaddr.js';
import { NameServerSilent, resolveName } from '../discover/name.ts';
import { readResolver } from '../discover/resolver.ts';
import type { Machine } from '../host/machine.ts';
import { within } from '../kernel/nat.ts';
import { type End, parseEnd, parseStart } from '../model/ends.ts';
import { wrongCall } from '../model/failure.ts';
import type { Family, Flow, Proto } from '../model/flow.ts';
import type { Question } from '../model/question.ts';
import type { Stack } from '../model/stack.ts';
import type { Target } from '../model/target.ts';
import { findTarget, runtimes } from '../targets/target.ts';
import { shellLine } from '../words/text.ts';

const DEFAULT_TO = '1.1.1.1';
const DNS_PORT = 53;
/** 33434 is where traceroute's datagrams begin: nobody listens there. */
const UDP_PORT = 33434;

interface Stacks {
  readonly container: Stack;
  readonly host: Stack;
}

/**
 * One flow for each address family asked about; a name with both families gives two, and one whose resolver is silent
 * the flow to that resolver.
 */
export async function flowsOf(
  machine: Machine,
  question: Question,
  target: Target,
  stacks: Stacks,
): Promise<Flow[]> {
  try {
    return await askedFor(machine, question, target, stacks);
  } catch (error) {
    if (error instanceof NameServerSilent) return [toResolver(question, error)];
    throw error;
  }
}

const toResolver = (question: Question, { server, question: name }: NameServerSilent): Flow => ({
  from: parseStart(question.from).kind === 'container' ? 'container' : 'host',
  to: server,
  address: server,
  proto: 'dns',
  port: DNS_PORT,
  family: familyOf(server),
  question: name,
  insteadOf: question.to ?? name,
});

async function askedFor(
  machine: Machine,
  question: Question,
  target: Target,
  stacks: Stacks,
): Promise<Flow[]> {
  const start = parseStart(question.from);
  const prefixes = runtimes.map((one) => one.name);
  const end = question.to === undefined ? undefined : parseEnd(question.to, prefixes);
  const port = end?.port ?? null;
  const proto: Proto = question.proto ?? (port === null ? 'icmp' : 'tcp');
  const ends = end ?? defaultEnd(machine, start.kind, proto, target);
  const addresses = await addressesOf(machine, ends, start.kind, question, target, stacks);
  const wanted = addresses.filter(
    (address) => question.family === undefined || familyOf(address) === question.family,
  );
  if (wanted.length === 0)
    throw wrongCall(
      'no-such-family',
      `${question.to ?? 'The destination'} has no IPv${question.family} address.`,
      `Leave out -${question.family}, or name another destination.`,
    );
  if (start.kind === 'outside' && port === null && proto !== 'icmp')
    throw wrongCall(
      'no-port',
      'A flow from outside needs the port it goes to.',
      'Give it: --from outside --to :8080',
    );
  if (port === null && proto === 'tcp')
    throw wrongCall(
      'no-port',
      'A TCP probe needs a port.',
      `Give one: --to ${question.to ?? '198.51.100.1'}:443`,
    );
  return wanted.map((address) => ({
    from: start.kind,
    ...(start.kind === 'other' ? { source: start.target } : {}),
    to: question.to ?? address,
    address,
    proto,
    port: proto === 'icmp' ? null : (ends.port ?? (proto === 'dns' ? DNS_PORT : UDP_PORT)),
    family: familyOf(address),
    ...(proto === 'dns' ? { question: question.name ?? 'example.com' } : {}),
  }));
}

const familyOf = (address: string): Family => (ipaddr.parse(address).kind() === 'ipv6' ? 6 : 4);

function defaultEnd(machine: Machine, from: Flow['from'], proto: Proto, target: Target): End {
  if (from === 'host' || from === 'other') return { kind: 'container', target: '', port: null };
  if (from === 'outside') return { kind: 'host', port: null };
  if (proto === 'dns') {
    const resolver = readResolver(machine, target);
    const server = resolver.known ? resolver.value.nameservers[0] : undefined;
    // A missing server is a finding of its own (dns-config-missing): the loopback is what the C library asks then.
    const address = server ?? '127.0.0.1';
    return { kind: 'address', address, family: familyOf(address), port: DNS_PORT };
  }
  return parseEnd(machine.env.NETDOCTOR_TO || DEFAULT_TO);
}

async function addressesOf(
  machine: Machine,
  end: End,
  from: Flow['from'],
  question: Question,
  target: Target,
  stacks: Stacks,
): Promise<string[]> {
  switch (end.kind) {
    case 'address':
      return [end.address];
    case 'name':
      return resolveName(
        machine,
        target,
        from === 'container' ? 'container' : 'host',
        end.name,
        question.family,
      );
    case 'container': {
      if (end.target === '') return own(stacks.container, question, target.name);
      const other = await findTarget(machine, end.target);
      return reachable(machine, other, stacks, question);
    }
    case 'gateway':
      return gateway(stacks.container, question, target);
    case 'host':
      return from === 'outside' ? outerAddress(stacks.host, question) : hostAddress(stacks, question, target);
    case 'port':
      if (from === 'host' || from === 'other') return own(stacks.container, question, target.name);
      return from === 'outside' ? outerAddress(stacks.host, question) : hostAddress(stacks, question, target);
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

/** The container's own addresses, of IPv4 first; none is an answer that ends the run. */
function own(stack: Stack, question: Question, name: string): string[] {
  const family = question.family ?? (globals(stack, 4).length > 0 ? 4 : 6);
  const first = globals(stack, family)[0];
  if (!first)
    throw wrongCall(
      'no-address',
      `${name} has no IPv${family} address to ask for.`,
      `Ask from the container instead: ${shellLine(['netdoctor', name])}`,
    );
  return [first];
}

async function reachable(
  machine: Machine,
  other: Target,
  stacks: Stacks,
  question: Question,
): Promise<string[]> {
  const { readStack } = await import('../discover/stack.ts');
  const stack = await readStack(machine, other.netns);
  const family = question.family ?? 4;
  const all = stack.known ? globals(stack.value, family) : [];
  const subnets = stacks.container.links.flatMap((link) =>
    link.addresses
      .filter((one) => one.family === family && one.scope === 'global')
      .map((one) => `${one.address}/${one.prefix}`),
  );
  // Of several, the one on a network that both are on.
  const shared = all.find((address) => subnets.some((subnet) => within(address, subnet)));
  const chosen = shared ?? all[0];
  if (!chosen)
    throw wrongCall(
      'no-address',
      `${other.name} has no IPv${family} address.`,
      `Ask about ${other.name} first: ${shellLine(['netdoctor', other.name])}`,
    );
  return [chosen];
}

function gateway(stack: Stack, question: Question, target: Target): string[] {
  const family = question.family ?? 4;
  const found = stack.routes.find(
    (route) => route.family === family && /^(0\.0\.0\.0|::)\/0$/.test(route.destination) && route.gateway,
  );
  const gateway =
    found?.gateway ?? target.networks.flatMap((one) => one.gateways).find((one) => familyOf(one) === family);
  if (!gateway)
    throw wrongCall(
      'no-gateway',
      `${target.name} has no IPv${family} gateway.`,
      'Name an address: --to 198.51.100.1',
    );
  return [gateway];
}

/** The host as the container knows it: the address of its bridge, else the host's first. */
function hostAddress(stacks: Stacks, question: Question, target: Target): string[] {
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
  return [chosen];
}

/** The host as somebody outside knows it: the address of the interface its default route uses. */
function outerAddress(stack: Stack, question: Question): string[] {
  const family = question.family ?? 4;
  const route = stack.routes.find(
    (one) => one.family === family && /^(0\.0\.0\.0|::)\/0$/.test(one.destination) && one.dev,
  );
  const outer = stack.links.find((link) => link.name === route?.dev);
  const address = outer?.addresses.find((one) => one.family === family && one.scope === 'global')?.address;
  if (!address)
    throw wrongCall(
      'no-address',
      `This host has no IPv${family} address on the interface of its default route.`,
      'Name the address that is asked for: --from outside --to 192.0.2.1:8080',
    );
  return [address];
}
