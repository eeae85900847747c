/** A port that the host itself answers is proved only as far as the program that took it: who is behind it? */

import { parseListeners } from '../discover/parse/listeners.ts';
import { ask } from '../host/ask.ts';
import type { Machine } from '../host/machine.ts';
import { argumentsOf, wordBehind } from '../host/processes.ts';
import { carriesOn } from '../kernel/publishing.ts';
import type { Diagnosis } from '../model/diagnosis.ts';
import { familyOf } from '../model/ends.ts';
import type { Family, Flow } from '../model/flow.ts';
import type { Stack } from '../model/stack.ts';
import type { PublishedPort, Target } from '../model/target.ts';

/** Was the flow answered without any packet into the container, at a port that is published, or may be where no runtime tells? */
export function answeredByHost(target: Target, { flow, status, path }: Diagnosis): boolean {
  if (status !== 'healthy' || flow.proto !== 'tcp' || flow.from === 'other') return false;
  if (path.some(({ where }) => where === 'container') || path.at(-1)?.where !== 'host') return false;
  return target.ports.length === 0 || publishedAs(target, flow) !== undefined;
}

const publishedAs = (target: Target, flow: Flow): PublishedPort | undefined =>
  target.ports.find((one) => one.hostPort === flow.port && one.proto === 'tcp');

/** The flow that a proxy of the runtime makes of it; undefined where no proxy has the port. Source: ss(8). */
export async function behind(
  machine: Machine,
  target: Target,
  container: Stack,
  { flow }: Diagnosis,
): Promise<Flow | undefined> {
  const argv = ['ss', '-H', '-l', '-n', '-t', '-u', '-p', '-O', 'sport', '=', `:${flow.port}`] as const;
  const answer = await ask(machine, argv);
  const listeners = answer.known ? parseListeners(answer.value, 'host') : [];
  const program = listeners.find(({ process }) => carriesOn(process))?.process;
  if (!program) return undefined;
  const port = publishedAs(target, flow)?.containerPort;
  const address = addressOf(target, container, flow.family);
  const end = port === undefined ? toldBy(machine, program, container) : { address, port };
  if (end?.address === undefined) return undefined;
  const { to } = flow;
  const family = familyOf(end.address);
  return { from: 'host', to, address: end.address, proto: 'tcp', port: end.port, family, behind: program };
}

/** Whom docker-proxy was told to carry on to, where that is this container: the words it was started with (moby, cmd/docker-proxy). */
function toldBy(
  machine: Machine,
  program: string,
  { links }: Stack,
): { readonly address: string; readonly port: number } | undefined {
  const pid = /\(pid (\d+)\)$/.exec(program)?.[1];
  const words = pid === undefined ? [] : argumentsOf(machine, pid);
  const address = wordBehind(words, '-container-ip');
  const port = Number(wordBehind(words, '-container-port'));
  const isOwn = links.some(({ addresses }) => addresses.some((own) => own.address === address));
  return address !== undefined && isOwn && port > 0 ? { address, port } : undefined;
}

function addressOf(target: Target, container: Stack, family: Family): string | undefined {
  const own = container.links
    .filter(({ kind }) => kind !== 'loopback')
    .flatMap(({ addresses }) => addresses)
    .filter((one) => one.family === family && one.scope === 'global')
    .map(({ address }) => address);
  const told = target.networks.flatMap(({ addresses }) => addresses);
  return own.find((address) => told.includes(address)) ?? own[0];
}
