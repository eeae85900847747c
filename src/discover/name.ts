/** A name's addresses, asked as the container would: its hosts file, then its own name servers from its own namespace. */
import ipaddr from 'ipaddr.js';
import type { Machine } from '../host/machine.ts';
import { cannotLook } from '../model/failure.ts';
import type { Family } from '../model/flow.ts';
import type { Netns } from '../model/netns.ts';
import type { Target } from '../model/target.ts';
import { encodeQuestion, readAnswer } from '../probe/dns-message.ts';
import { parseResolver, readResolver } from './resolver.ts';

const PATIENCE = 2000;
const TYPES = { 4: 1, 6: 28 } as const;

export class NameServerSilent extends Error {
  readonly server: string;
  constructor(server: string) {
    super(`${server} did not answer`);
    this.server = server;
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
  const families: readonly Family[] = family ? [family] : [4, 6];
  const listed = fromHosts(machine, from === 'host' ? '/etc/hosts' : hostsFile(target), name);
  if (listed.length > 0) return listed;
  const own = readResolver(machine, target);
  const host = machine.read('/etc/resolv.conf');
  const resolver =
    from === 'container' && own.known
      ? own.value
      : host.known
        ? parseResolver('/etc/resolv.conf', host.value)
        : undefined;
  const server = resolver?.nameservers[0];
  if (!server)
    throw cannotLook(
      'no-resolver',
      `${name} cannot be resolved: no name server is configured.`,
      'Name an address instead: --to 198.51.100.1',
    );
  const netns = from === 'container' ? target.netns : null;
  const answers = await Promise.all(families.map((one) => ask(machine, netns, server, name, TYPES[one])));
  const addresses = answers.flat();
  if (addresses.length === 0)
    throw cannotLook(
      'no-such-name',
      `${server} knows no address for ${name}.`,
      'Check the name, or name an address.',
    );
  return [...new Set(addresses)]
    .sort((a, b) => Number(a.includes(':')) - Number(b.includes(':')))
    .filter(firstOfFamily);
}

const firstOfFamily = (address: string, index: number, all: readonly string[]): boolean =>
  all.findIndex((one) => one.includes(':') === address.includes(':')) === index;

/** Runtimes keep the hosts file beside resolv.conf. */
const hostsFile = (target: Target): string | null =>
  target.resolvConf?.replace(/resolv\.conf$/, 'hosts') ?? null;

function fromHosts(machine: Machine, file: string | null, name: string): string[] {
  const text = file ? machine.read(file) : undefined;
  if (!text?.known) return [];
  return text.value
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim().split(/\s+/))
    .filter(([address, ...names]) => address && ipaddr.isValid(address) && names.includes(name))
    .map(([address]) => address!);
}

function ask(
  machine: Machine,
  netns: Netns | null,
  server: string,
  name: string,
  type: number,
): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const id = Math.floor(Math.random() * 0xffff);
    const opened = machine.open(
      { kind: 'udp', family: server.includes(':') ? 6 : 4, netns, destination: server, port: 53 },
      (event) => {
        if (event.type === 'data') {
          const answer = readAnswer(event.bytes);
          if (answer?.id === id) finish(() => resolve([...answer.addresses]));
        } else if (event.type === 'error') finish(() => reject(new NameServerSilent(server)));
      },
    );
    if (!opened.known) return reject(new NameServerSilent(server));
    const finish = (then: () => void): void => {
      clearTimeout(timer);
      opened.value.close();
      then();
    };
    const timer = setTimeout(() => finish(() => reject(new NameServerSilent(server))), PATIENCE);
    if (opened.value.send(encodeQuestion(id, name, type))) finish(() => reject(new NameServerSilent(server)));
  });
}
