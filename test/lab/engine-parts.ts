/** The parts of a container's way that faults are made of, as the kernel tells them: no engine is asked. */
import type { Lab } from './lab.ts';

/** What steps find as $WEB, $SUBNET, $GATEWAY, $BRIDGE and $VETH: of the first container, the others share them. */
export interface Parts {
  /** `172.17.0.2` */
  readonly WEB: string;
  /** `172.17.0.2/16` */
  readonly SUBNET: string;
  readonly GATEWAY: string;
  /** The host's bridge that its veth is a port of, and the host's end of that veth. */
  readonly BRIDGE: string;
  readonly VETH: string;
}

export const namesParts = (sh: string): boolean => /\$\{?(WEB|SUBNET|GATEWAY|BRIDGE|VETH)\b/.test(sh);

interface Link {
  readonly ifindex: number;
  readonly ifname: string;
  readonly link_index?: number;
  readonly master?: string;
  readonly addr_info?: readonly { readonly local: string; readonly prefixlen: number }[];
}

/** @throws where the container has no veth on a bridge, and no default route: such a scenario has none of them. */
export async function partsOf(lab: Lab, pid: number): Promise<Parts> {
  const ask = async <T>(...argv: string[]): Promise<T[]> => {
    const { stdout } = await lab.run('host', argv, { stdin: 'ignore', stdout: 'pipe' });
    return JSON.parse(stdout) as T[];
  };
  const inside = ['nsenter', `--net=/proc/${pid}/ns/net`, 'ip', '-j', '-4'];
  const [route] = await ask<{ gateway: string; dev: string }>(...inside, 'route', 'show', 'default');
  const [own] = await ask<Link>(...inside, 'addr', 'show', 'dev', route!.dev);
  const outside = await ask<Link>('ip', '-j', 'link', 'show');
  const veth = outside.find(({ ifindex }) => ifindex === own!.link_index);
  const address = own!.addr_info![0]!;
  return {
    WEB: address.local,
    SUBNET: `${address.local}/${address.prefixlen}`,
    GATEWAY: route!.gateway,
    BRIDGE: veth!.master!,
    VETH: veth!.ifname,
  };
}
