/** A name's addresses, asked as the container would: its hosts file, then its own name servers from its own namespace. */
import ipaddr from 'ipaddr.js';
import type { Machine } from '../host/machine.ts';
import type { Resolver } from '../model/facts.ts';
import { cannotLook, type Failure } from '../model/failure.ts';
import type { Family } from '../model/flow.ts';
import type { Netns } from '../model/netns.ts';
import type { Target } from '../model/target.ts';
import { encodeQuestion, readAnswer } from '../wire/dns-message.ts';
import { parseResolver, readNamesFile, readResolver } from './resolver.ts';

/** How long one server is waited for. Milliseconds. */
const PATIENCE = 1500;
const TYPES = { 4: 1, 6: 28 } as const;
/** What the C library asks where resolv.conf names nobody: resolv.conf(5). */
const NOBODY = '127.0.0.1';

/** No name server answered: the flow to the first of them is the one to look at. */
export class NameServerSilent extends Error {
  readonly server: string;
  readonly question: string;
  constructor(server: string, question: string) {
    super(`${server} did not answer`);
    this.server = server;
    this.question = question;
  }
}

/** Addresses of both families unless one is asked for, IPv4 first. @throws NameServerSilent, Failure */
export async function resolveName(
  machine: Machine,
  target: Target,
  from: 'container' | 'host',
  name: string,
  family: Family | undefined,
): Promise<string[]> {
  const listed = fromHosts(machine, from === 'host' ? '/etc/hosts' : hostsFile(target), name);
  if (listed.length > 0) return ordered(listed);
  const resolver = resolverOf(machine, target, from);
  const servers = resolver?.nameservers ?? [];
  if (servers.length === 0) throw new NameServerSilent(NOBODY, name);
  const netns = from === 'container' ? target.netns : null;
  const families: readonly Family[] = family ? [family] : [4, 6];
  const names = spellings(name, resolver?.search ?? []);
  for (const server of servers) {
    const found = await askServer(machine, { netns, server, names, families });
    if (found && found.length > 0) return ordered(found);
    if (found) throw unknownName(server, name);
  }
  throw new NameServerSilent(servers[0]!, names[0]!);
}

function resolverOf(machine: Machine, target: Target, from: 'container' | 'host'): Resolver | undefined {
  const own = from === 'container' ? readResolver(machine, target) : undefined;
  if (own?.known) return own.value;
  const host = readNamesFile(machine, '/etc/resolv.conf');
  return host.known ? parseResolver('/etc/resolv.conf', host.value) : undefined;
}

/** A name without a dot is looked for in the search list first, any other last: resolv.conf(5), ndots:1. */
function spellings(name: string, search: readonly string[]): string[] {
  if (name.endsWith('.')) return [name];
  const within = search.map((domain) => `${name}.${domain}`);
  return name.includes('.') ? [name, ...within] : [...within, name];
}

const unknownName = (server: string, name: string): Failure =>
  cannotLook(
    'no-such-name',
    `${server} knows no address for ${name}.`,
    /^host\.(docker|containers)\.internal$/.test(name)
      ? 'Ask about the host itself (--to host), or give the container that name: --add-host host.docker.internal:host-gateway'
      : 'Check the name, or name an address.',
  );

/** IPv4 first, one address a family. */
const ordered = (addresses: readonly string[]): string[] =>
  [...new Set(addresses)]
    .sort((a, b) => Number(a.includes(':')) - Number(b.includes(':')))
    .filter(
      (address, index, all) => all.findIndex((one) => one.includes(':') === address.includes(':')) === index,
    );

/** Runtimes keep the hosts file beside resolv.conf. */
const hostsFile = (target: Target): string | null =>
  target.resolvConf?.replace(/resolv\.conf$/, 'hosts') ?? null;

function fromHosts(machine: Machine, file: string | null, name: string): string[] {
  const text = file ? readNamesFile(machine, file) : undefined;
  if (!text?.known) return [];
  return text.value
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim().split(/\s+/))
    .filter(([address, ...names]) => address && ipaddr.isValid(address) && names.includes(name))
    .map(([address]) => address!);
}

interface Asking {
  readonly netns: Netns | null;
  readonly server: string;
  readonly names: readonly string[];
  readonly families: readonly Family[];
}

/** Addresses of the first spelling that has any; empty where the server knows none; undefined where it is silent. */
async function askServer(
  machine: Machine,
  { netns, server, names, families }: Asking,
): Promise<string[] | undefined> {
  let heard = false;
  for (const name of names) {
    const answers = await Promise.all(families.map((one) => ask(machine, netns, server, name, TYPES[one])));
    const addresses = answers.flatMap((answer) => answer ?? []);
    if (addresses.length > 0) return addresses;
    heard ||= answers.some((answer) => answer !== undefined);
    // A server that says nothing to the first spelling says nothing to the next.
    if (!heard) return undefined;
  }
  return [];
}

/** Undefined where no answer came. */
function ask(
  machine: Machine,
  netns: Netns | null,
  server: string,
  name: string,
  type: number,
): Promise<string[] | undefined> {
  return new Promise((resolve) => {
    const id = machine.random(0, 0x10000);
    const opened = machine.open(
      { kind: 'udp', family: server.includes(':') ? 6 : 4, netns, destination: server, port: 53 },
      (event) => {
        if (event.type === 'error') return finish(undefined);
        const answer = event.type === 'data' ? readAnswer(event.bytes) : undefined;
        if (answer?.id === id) finish([...answer.addresses]);
      },
    );
    if (!opened.known) return resolve(undefined);
    const finish = (found: string[] | undefined): void => {
      clearTimeout(timer);
      opened.value.close();
      resolve(found);
    };
    const timer = setTimeout(() => finish(undefined), PATIENCE);
    if (opened.value.send(encodeQuestion(id, name, type))) finish(undefined);
  });
}
