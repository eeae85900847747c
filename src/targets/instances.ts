/** Incus and LXD speak the same tongue: `incus list --format json`, `lxc list --format json`. */

import { ask } from '../host/ask.ts';
import type { Machine } from '../host/machine.ts';
import { type Answer, known } from '../model/answer.ts';
import type { Network, Target } from '../model/target.ts';
import { plain, shellLine } from '../words/text.ts';
import { isThere } from './presence.ts';
import { processTarget } from './process-target.ts';
import { type Runtime, runtime } from './runtime.ts';

interface Instance {
  name: string;
  status: string;
  type: string;
  state?: { pid?: number; network?: Record<string, Interface> | null } | null;
  expanded_devices?: Record<string, { type: string; network?: string; parent?: string; nictype?: string }>;
}
interface Interface {
  type: string;
  hwaddr: string;
  addresses: { family: string; address: string; scope: string }[] | null;
}

export function instances(name: string, client: string, sockets: readonly string[]): Runtime {
  const all = async (machine: Machine): Promise<Answer<readonly Instance[]>> => {
    const argv = [client, 'list', '--format', 'json'] as const;
    // Without its daemon the client may offer to set one up.
    if (!sockets.some((socket) => isThere(machine, socket))) return known([], argv);
    const answer = await ask(machine, argv);
    if (!answer.known) return answer.because === 'no-such-tool' ? known([], argv) : answer;
    return known(JSON.parse(answer.value) as Instance[], argv);
  };
  return runtime({
    name,
    bare: true,
    async find(machine, wanted) {
      const found = await all(machine);
      if (!found.known) return found;
      // A virtual machine's network ends at its tap: there is no namespace to look into.
      const mine = found.value.filter((one) => one.name === wanted && one.type !== 'virtual-machine');
      return known(
        mine.map((one) => describe(machine, name, client, one)),
        found.source,
      );
    },
    async list(machine) {
      const found = await all(machine);
      if (!found.known) return found;
      return known(
        found.value
          .filter((one) => one.type !== 'virtual-machine')
          .map((one) => ({
            runtime: name,
            name: one.name,
            id: null,
            state: one.status.toLowerCase(),
            pid: one.state?.pid || null,
            addresses: globals(one),
            networks: Object.values(one.expanded_devices ?? {})
              .filter(({ type }) => type === 'nic')
              .map((nic) => nic.network ?? nic.parent ?? ''),
          })),
        found.source,
      );
    },
  });
}

const globals = (one: Instance): string[] =>
  Object.values(one.state?.network ?? {})
    .filter(({ type }) => type !== 'loopback')
    .flatMap(({ addresses }) =>
      (addresses ?? []).filter(({ scope }) => scope === 'global').map(({ address }) => address),
    );

function describe(machine: Machine, name: string, client: string, one: Instance): Target {
  const own = one.name;
  const nics = Object.entries(one.expanded_devices ?? {}).filter(([, { type }]) => type === 'nic');
  return processTarget(machine, {
    runtime: name,
    name: own,
    id: null,
    state: one.status.toLowerCase(),
    pid: one.state?.pid ?? 0,
    start: shellLine([client, 'start', own]),
    inspect: shellLine([client, 'info', own]),
    about: `${name} container${nics.length > 0 ? `, network ${nics.map(([, nic]) => plain(nic.network ?? nic.parent ?? 'unknown')).join(', ')}` : ''}`,
    networks: nics.map(([device, nic]) => network(device, nic, one)),
  });
}

/** A managed network's bridge has the network's own name; an unmanaged one is the parent. */
function network(
  device: string,
  nic: { network?: string; parent?: string; nictype?: string },
  one: Instance,
): Network {
  const link = one.state?.network?.[device];
  const bridged = nic.network !== undefined || nic.nictype === 'bridged';
  return {
    name: nic.network ?? nic.parent ?? device,
    driver: nic.nictype ?? 'bridge',
    bridge: bridged ? (nic.network ?? nic.parent ?? '') || null : null,
    subnets: [],
    gateways: [],
    addresses: (link?.addresses ?? [])
      .filter(({ scope }) => scope === 'global')
      .map(({ address }) => address),
    mac: link?.hwaddr || null,
    internal: false,
    icc: true,
    masquerade: true,
    options: {},
  };
}
