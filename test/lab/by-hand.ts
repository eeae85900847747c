// The question of a scenario, asked without netdoctor: by ping, or by the lab's own client. It proves the lab
// and its faults, and says nothing about causes.
import { parseArgs } from 'node:util';
import type { Answer, Network } from './scenario.ts';
import type { Scenario } from './scenario-file.ts';

type Step = { readonly in: string; readonly sh: string };

export async function askByHand(network: Network, scenario: Scenario, processId?: number): Promise<Answer> {
  const began = performance.now();
  const question = scenario.client ?? (await questionOf(network, scenario, processId));
  const { exitCode } = await network.step(question);
  const seconds = (performance.now() - began) / 1000;
  return { status: exitCode === 0 ? 'healthy' : 'fault', cause: null, between: null, seconds };
}

async function questionOf(network: Network, scenario: Scenario, processId?: number): Promise<Step> {
  const { args, target, process, file } = scenario;
  const { values } = parseArgs({
    args,
    options: { from: { type: 'string' }, to: { type: 'string' }, proto: { type: 'string' } },
  });
  const named = /^container:docker:(?<name>[^:]+)/.exec(values.to ?? '')?.groups?.name;
  const addressed =
    named === undefined ? values.to : values.to?.replace(/^.*:/, `${await network.addressOf(named)}:`);
  const to = /^(?:\[(?<v6>.*)\]|(?<v4>[^:]*))(?::(?<port>\d+))?$/.exec(addressed ?? '')?.groups;
  if (to === undefined) throw new Error(`${file}: this flow cannot be asked by hand`);
  const address = to.v6 || to.v4 || (await network.addressOf(target));
  if (process !== undefined)
    return { in: process.in, sh: `${joining(processId)} ask tcp ${address} ${to.port}` };
  const place = values.from === 'host' ? 'host' : target;
  if (values.proto === 'dns') return { in: place, sh: `ask udp ${address} ${to.port ?? 53} get 1` };
  if (to.port === undefined) return { in: place, sh: `ping -n -c1 -W1 ${address}` };
  // Long uploads show what small packets do not.
  return { in: place, sh: `ask ${values.proto ?? 'tcp'} ${address} ${to.port} up 2` };
}

/** Asks as the process would: from its namespace, and from its control group where it has left the first one. */
function joining(processId = 0): string {
  const group = `$(sed -n 's/^0:://p' /proc/${processId}/cgroup)`;
  return `echo $$ >"$CG/..${group}/cgroup.procs"; nsenter --net=/proc/${processId}/ns/net`;
}
