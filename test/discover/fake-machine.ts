/** A machine that answers from a table: what was asked, as one line, to what it says. */
import { readFileSync } from 'node:fs';
import { realClock } from '../../src/host/clock.ts';
import type {
  BriefLink,
  EndName,
  FarEnd,
  FarLink,
  FileIdentity,
  Machine,
  Output,
} from '../../src/host/machine.ts';
import { type Answer, known, notKnown } from '../../src/model/answer.ts';
import { commandLine } from '../../src/model/netns.ts';
import type { SocketState } from '../../src/model/socket.ts';

export interface Script {
  /** Command lines without their `nsenter`; a text stands for standard output and exit code 0. */
  readonly run?: Readonly<Record<string, string | Partial<Output>>>;
  /** File contents by path, or by `NAMESPACE-PATH FILE` where namespaces differ. */
  readonly files?: Readonly<Record<string, string>>;
  readonly lists?: Readonly<Record<string, readonly string[]>>;
  /** Ids of namespaces in the eyes of the host, by path. */
  readonly nsids?: Readonly<Record<string, number>>;
  /** What paths lead to, and the targets of links. */
  readonly identities?: Readonly<Record<string, Partial<FileIdentity>>>;
  readonly symbolic?: Readonly<Record<string, string>>;
  /** Inodes of namespaces by path. */
  readonly netns?: Readonly<Record<string, number>>;
  /** Root unless told. */
  readonly uid?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** What a container engine answers over its socket, by path. */
  readonly requests?: Readonly<Record<string, { readonly status: number; readonly body: unknown }>>;
  /** Links by the path of their namespace, the host's by ''. */
  readonly links?: Readonly<Record<string, readonly BriefLink[]>>;
  /** Sockets by the path of their namespace, the host's by ''. */
  readonly sockets?: Readonly<Record<string, readonly Partial<SocketState>[]>>;
  /** What the kernel tells in the place of a program: `chains`, `handles 2 filter FORWARD`; else a program is asked. */
  readonly kernel?: Readonly<Record<string, unknown>>;
  readonly farEnds?: (end: EndName) => FarEnd | null;
  /** Links by the id of their namespace. */
  readonly behind?: (nsid: number) => readonly FarLink[] | null;
}

export interface FakeMachine extends Machine {
  /** Everything asked, in order: command lines, and `read FILE`. */
  readonly asked: string[];
}

export function fakeMachine(script: Script): FakeMachine {
  const asked: string[] = [];
  const lookUp = <T>(
    table: Readonly<Record<string, T>> | undefined,
    keys: readonly string[],
  ): T | undefined => keys.map((key) => table?.[key]).find((value) => value !== undefined);
  const machine: Partial<FakeMachine> = {
    asked,
    ...realClock,
    self: { inode: 1, path: '/proc/self/ns/net' },
    async run(command): Promise<Answer<Output>> {
      const line = commandLine(command).join(' ');
      asked.push(line);
      const found = lookUp(script.run, [line, command.argv.join(' ')]);
      if (found === undefined) {
        return notKnown('no-such-tool', `${command.argv[0]} is not installed`, commandLine(command));
      }
      const output = typeof found === 'string' ? { stdout: found } : found;
      return known({ stdout: '', stderr: '', code: 0, ...output }, commandLine(command));
    },
    read(file, where) {
      asked.push(`read ${file}`);
      const found = lookUp(script.files, [`${where?.path ?? ''} ${file}`, file]);
      return found === undefined
        ? notKnown('vanished', `${file} does not exist`, ['cat', file])
        : known(found, ['cat', file]);
    },
    readForeign(file) {
      return machine.read!(file);
    },
    ownedAlone: () => known(undefined, []),
    identity(file) {
      const found = script.identities?.[file];
      const source = ['stat', '-Lc', '%d %i %u %a', file];
      return found === undefined
        ? notKnown('vanished', `${file} does not exist`, source)
        : known({ device: 1, inode: 0, owner: 0, mode: 0o755, ...found }, source);
    },
    link(file) {
      const found = script.symbolic?.[file];
      return found === undefined
        ? notKnown('vanished', `${file} does not exist`, ['readlink', file])
        : known(found, ['readlink', file]);
    },
    uid: script.uid ?? 0,
    env: script.env ?? {},
    netns(path) {
      const inode = script.netns?.[path];
      const source = ['stat', '-Lc', '%i', path];
      return inode === undefined
        ? notKnown('vanished', `${path} does not exist`, source)
        : known({ inode, path }, source);
    },
    async request(socket, path) {
      const found = script.requests?.[path];
      const source = ['curl', '--unix-socket', socket, path];
      return found === undefined
        ? notKnown('no-such-tool', `${socket}: ENOENT`, source)
        : known(found, source);
    },
    networkIn: () => notKnown('unsupported', 'iproute2 is asked', []),
    portsOf: () => notKnown('unsupported', 'iproute2 is asked', []),
    linksAhead: () => null,
    routeIn: () => notKnown('unsupported', 'iproute2 is asked', []),
    kernelTells(what, _, about) {
      const found = script.kernel?.[[what, ...Object.values(about ?? {})].join(' ')];
      return found === undefined
        ? notKnown('unsupported', 'a program is asked', [])
        : (known(found, []) as Answer<never>);
    },
    balancingIn: () => known([], ['nft', 'list', 'ruleset']),
    nsid: (of) => known(script.nsids?.[of.path] ?? null, ['ip', 'netns', 'list-id']),
    nsids: (all) =>
      known(
        all.map((one) => known(script.nsids?.[one.path] ?? null, ['ip', 'netns', 'list-id'])),
        ['ip', 'netns', 'list-id'],
      ),
    linksBehind(_, nsids) {
      asked.push(`links behind ${nsids.join(' ')}`);
      return known(
        nsids.map((nsid) => script.behind?.(nsid) ?? null),
        ['ip', 'link'],
      );
    },
    sockets: (where) => known((script.sockets?.[where?.path ?? ''] ?? []) as SocketState[], ['ss', '-tuan']),
    linksIn(where) {
      const found = script.links?.[where?.path ?? ''];
      return found === undefined
        ? notKnown('vanished', 'no such namespace', ['ip', 'link'])
        : known(found, ['ip', 'link']);
    },
    farEnds(_, ends) {
      asked.push(`far ends ${ends.map(({ nsid, ifindex }) => `${nsid}:${ifindex}`).join(' ')}`);
      return known(
        ends.map((end) => script.farEnds?.(end) ?? null),
        ['ip', 'link'],
      );
    },
    list(directory, where) {
      const found = lookUp(script.lists, [`${where?.path ?? ''} ${directory}`, directory]);
      return found === undefined
        ? notKnown('vanished', `${directory} does not exist`, ['ls', directory])
        : known(found, ['ls', directory]);
    },
  };
  return machine as FakeMachine;
}

export const recording = (name: string): string =>
  readFileSync(new URL(`../recordings/${name}`, import.meta.url), 'utf8');
