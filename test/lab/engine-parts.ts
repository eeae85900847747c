/** The parts of a container's way that faults are made of, as the kernel tells them: no engine is asked. */
import type { Lab } from './lab.ts';

/** What steps find as $GATEWAY, $BRIDGE and $VETH: of the first container, the others share them. */
export interface Parts {
  readonly GATEWAY: string;
  /** The host's bridge that its veth is a port of, and the host's end of that veth. */
  readonly BRIDGE: string;
  readonly VETH: string;
}

export const namesParts = (sh: string): boolean => /\$\{?(GATEWAY|BRIDGE|VETH)\b/.test(sh);

interface Link {
  readonly ifindex: number;
  readonly ifname: string;
  readonly link_index?: number;
  readonly master?: string;
  readonly addr_info?: readonly { readonly local: string }[];
}

/** What `ip -j` tells in the network namespace of a process; null: on the host. */
async function told<T>(lab: Lab, pid: number | null, ...words: readonly string[]): Promise<T[]> {
  const inside = pid === null ? [] : ['nsenter', `--net=/proc/${pid}/ns/net`];
  const argv = [...inside, 'ip', '-j', '-4', ...words];
  const { stdout } = await lab.run('host', argv, { stdin: 'ignore', stdout: 'pipe' });
  return JSON.parse(stdout) as T[];
}

/** @throws where the container has no veth on a bridge, and no default route: such a scenario has none of them. */
export async function partsOf(lab: Lab, pid: number): Promise<Parts> {
  const [route] = await told<{ gateway: string; dev: string }>(lab, pid, 'route', 'show', 'default');
  const [own] = await told<Link>(lab, pid, 'link', 'show', 'dev', route!.dev);
  const outside = await told<Link>(lab, null, 'link', 'show');
  const veth = outside.find(({ ifindex }) => ifindex === own!.link_index);
  return { GATEWAY: route!.gateway, BRIDGE: veth!.master!, VETH: veth!.ifname };
}

/** The first IPv4 address of a container's `eth0`. */
export async function addressOf(lab: Lab, pid: number): Promise<string> {
  const [own] = await told<Link>(lab, pid, 'addr', 'show', 'dev', 'eth0');
  return own!.addr_info![0]!.local;
}
