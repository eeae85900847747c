/** A port that the host itself answers is proved only as far as the program that took it: who is behind it? */

import { parseListeners } from '../discover/parse/listeners.ts';
import { ask } from '../host/ask.ts';
import type { Machine } from '../host/machine.ts';
import { carriesOn } from '../kernel/publishing.ts';
import type { Diagnosis } from '../model/diagnosis.ts';
import type { Family, Flow } from '../model/flow.ts';
import type { Stack } from '../model/stack.ts';
import type { PublishedPort, Target } from '../model/target.ts';

/** The published port that this flow asks, where it was answered without any packet into the container. */
export function answeredByHost(target: Target, diagnosis: Diagnosis): PublishedPort | undefined {
  const { flow, status, path } = diagnosis;
  if (status !== 'healthy' || flow.proto !== 'tcp' || path.some(({ where }) => where === 'container'))
    return undefined;
  if (flow.from === 'other') return undefined;
  return target.ports.find((one) => one.hostPort === flow.port && one.proto === 'tcp');
}

/** The flow that a proxy of the runtime makes of it; undefined where no proxy has the port. Source: ss(8). */
export async function behind(
  machine: Machine,
  target: Target,
  container: Stack,
  { flow }: Diagnosis,
  port: PublishedPort,
): Promise<Flow | undefined> {
  const argv = ['ss', '-H', '-l', '-n', '-t', '-u', '-p', '-O', 'sport', '=', `:${flow.port}`] as const;
  const answer = await ask(machine, argv);
  const listeners = answer.known ? parseListeners(answer.value, 'host') : [];
  const program = listeners.find(({ process }) => carriesOn(process))?.process;
  const address = addressOf(target, container, flow.family);
  if (!program || !address) return undefined;
  const { to, family } = flow;
  return { from: 'host', to, address, proto: 'tcp', port: port.containerPort, family, behind: program };
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
