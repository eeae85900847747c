/** How each call of the machine reads as a question: the recorder and the replayer must word it alike. */
import { type Command, commandLine, type Netns } from '../../model/netns.ts';
import type { EndName, RouteAsked, RunOptions, SocketSpec } from '../machine.ts';
import { steady } from './asked.ts';

const inside = (where?: Netns | null): string => (where ? ` in ${where.path}` : '');
const words = (command: Command): string => steady(commandLine(command).join(' '));

/** `to 192.0.2.1 iif br0`: what is not asked for is not said. */
const packet = (asked: RouteAsked): string =>
  Object.entries(asked)
    .flatMap(([key, value]) => (value === null ? [] : [`${key} ${value}`]))
    .join(' ');

export const ask = {
  run: (command: Command, { input }: RunOptions = {}) =>
    `run ${words(command)}${input === undefined ? '' : `\n${input}`}`,
  read: (file: string, where?: Netns | null) => `read ${steady(file)}${inside(where)}`,
  identity: (file: string) => `identity ${file}`,
  list: (folder: string, where?: Netns | null) => `list ${steady(folder)}${inside(where)}`,
  link: (file: string) => `link ${file}`,
  netns: (path: string) => `netns ${path}`,
  nsid: (of: Netns, from: Netns | null) => `nsid ${of.path}${inside(from)}`,
  nsids: (of: readonly Netns[], from: Netns | null) =>
    `nsids ${of.map(({ path }) => path).join(' ')}${inside(from)}`,
  linksBehind: (from: Netns | null, nsids: readonly number[]) =>
    `links behind ${nsids.join(' ')}${inside(from)}`,
  farEnds: (from: Netns | null, ends: readonly EndName[]) =>
    `far ends ${ends.map(({ nsid, ifindex }) => `${nsid}:${ifindex}`).join(' ')}${inside(from)}`,
  sockets: (where: Netns | null) => `sockets${inside(where)}`,
  linksIn: (where: Netns | null) => `links${inside(where)}`,
  networkIn: (where: Netns | null) => `network${inside(where)}`,
  routeIn: (where: Netns | null, asked: RouteAsked) => `route ${packet(asked)}${inside(where)}`,
  balancingIn: (where: Netns | null) => `balancing${inside(where)}`,
  kernelTells: (what: string, where: Netns | null, asked: object | null) =>
    `kernel ${[what, ...Object.values(asked ?? {})].join(' ')}${inside(where)}`,
  request: (socket: string, path: string) => `request ${socket} ${path}`,
  traced: (capture: string) => `trace beside ${capture}`,
  cgroupPrograms: (cgroup: string) => `programs of ${cgroup}`,
  tracefs: () => 'tracefs',
  write: (file: string) => `write ${steady(file)}`,
  remove: (file: string) => `remove ${steady(file)}`,
  makeDirectory: (folder: string) => `make ${steady(folder)}`,
  lock: (file: string) => `lock ${file}`,
  detach: (command: Command) => `detach ${words(command)}`,
  alive: (pid: number, started: string) => `alive ${pid} ${started}`,
  random: (min: number, max: number) => `random ${min} ${max}`,
};

/** How the names of their streams begin. */
export const SOCKET = 'socket ';

/** Streams by what they are of; the recorder and the replayer count those of one name. */
export const stream = {
  start: (command: Command) => `start ${words(command)}`,
  follow: (file: string) => `follow ${steady(file)}`,
  capture: () => 'capture',
  packets: (netns: Netns | null) => `packets${inside(netns)}`,
  open: ({ kind, family, netns, destination, port, device }: SocketSpec) =>
    `${SOCKET}${kind}${family} ${destination} ${port ?? '-'}${device ? ` by ${device}` : ''}${inside(netns)}`,
  listenTrace: (netns: Netns | null) => `nft trace${inside(netns)}`,
};

/** The source that an answer to this question usually names; undefined where it cannot be told from the words. */
export function usualSource(question: string): readonly string[] | undefined {
  const [, verb, rest = ''] = /^(run|read|identity|list|netns|link|write) (.*)/.exec(question) ?? [];
  const file = rest.replace(/ in \S+$/, '');
  if (verb === 'run') return rest.split(' ');
  if (verb === 'read') return ['cat', file];
  if (verb === 'identity') return ['stat', '-Lc', '%d %i %u %a', file];
  if (verb === 'list') return ['ls', file];
  if (verb === 'netns') return ['stat', '-Lc', '%i', file];
  return verb === 'link' ? ['readlink', file] : undefined;
}

/** Gives each stream of a name its number. */
export function counter(): (name: string) => string {
  const counts = new Map<string, number>();
  return (name) => {
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return `${name} #${count}`;
  };
}
