/** Where a published port leads, as far as the rules tell before a packet has met them. */
import type { Machine } from '../../host/machine.ts';
import type { Flow } from '../../model/flow.ts';
import { within } from '../../model/nat.ts';
import { isLocalAddress, type Stack } from '../../model/stack.ts';

export interface Real {
  readonly address: string;
  readonly port: number | null;
}

const option = (rule: string, name: string): string | undefined =>
  new RegExp(`(?:^|\\s)${name} (\\S+)`).exec(rule)?.[1];

/** Could this `iptables -S` line of a DNAT rule take the flow? */
function takes(rule: string, flow: Flow, ingress: string | null): boolean {
  const proto = option(rule, '-p');
  if (proto && proto !== (flow.proto === 'dns' ? 'udp' : flow.proto)) return false;
  const port = option(rule, '--dport');
  if (port && port !== String(flow.port)) return false;
  const negated = /! -i (\S+)/.exec(rule)?.[1];
  if (negated && negated === ingress) return false;
  const wanted = negated ? undefined : option(rule, '-i');
  if (wanted && ingress !== null && wanted !== ingress) return false;
  const destination = /(?:^|[^!]) -d (\S+)/.exec(rule)?.[1];
  return !destination || within(flow.address, destination);
}

/** The DNAT target of a flow to one of the host's own addresses; the address itself where no rule changes it. */
export async function predictDnat(
  machine: Machine,
  host: Stack,
  flow: Flow,
  ingress: string | null,
): Promise<Real> {
  const asked = { address: flow.address, port: flow.port };
  if (flow.port === null || !isLocalAddress(host, flow.address)) return asked;
  const tool = flow.family === 6 ? 'ip6tables-save' : 'iptables-save';
  const argv = [tool, '-t', 'nat'] as const;
  const answer = await machine.run(host.netns ? { argv, in: host.netns } : { argv });
  if (!answer.known) return asked;
  for (const rule of answer.value.stdout.split('\n')) {
    const to = /-j DNAT .*--to-destination (\S+)/.exec(rule)?.[1];
    if (!to || !takes(rule, flow, ingress)) continue;
    const [, address, port] = /^\[?([^\]]+?)\]?(?::(\d+))?$/.exec(to) ?? [];
    if (address) return { address, port: port ? Number(port) : flow.port };
  }
  return asked;
}
