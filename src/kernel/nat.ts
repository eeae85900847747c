/** What a rewrite of addresses looks like from the hops. */
import ipaddr from 'ipaddr.js';
import type { Scene } from '../model/scene.ts';
import { exitHop, seen } from '../model/scene.ts';
import type { Network } from '../model/target.ts';
import { within } from './prefix.ts';

export { within };

export interface Leaving {
  /** Source address the source host used, and whether the uplink shows another. */
  readonly source: string;
  readonly shown: string;
  readonly rewritten: boolean;
  readonly subnet: string;
  readonly bridge: string;
  readonly uplink: string;
}

/** `10.88.0.0/24` for 10.88.0.2/24. */
export function subnetOf(address: string, prefix: number): string {
  const parsed = ipaddr.parse(address);
  const kind = parsed.kind() === 'ipv6' ? ipaddr.IPv6 : ipaddr.IPv4;
  return `${kind.networkAddressFromCIDR(`${address}/${prefix}`).toString()}/${prefix}`;
}

/** The runtime's network that the flow leaves by: the one whose subnet holds the source address. */
export function networkOf(scene: Pick<Scene, 'target' | 'path'>): Network | undefined {
  const source = scene.path.sourceAddress;
  if (source === null) return scene.target.networks[0];
  return scene.target.networks.find(
    (network) =>
      network.addresses.includes(source) || network.subnets.some((subnet) => within(source, subnet)),
  );
}

/** With which source address the request left this host, or undefined where it was not seen leaving. */
export function sourceOnUplink(scene: Scene): Leaving | undefined {
  const uplink = exitHop(scene);
  const first = scene.path.hops[0];
  if (!uplink || !first || scene.flow.from !== 'container') return undefined;
  // A macvlan, or a bridge with the uplink as its port: nobody on the way could rewrite anything.
  if (!scene.path.stages.includes('forward')) return undefined;
  const shown = seen(scene, uplink.id, 'request')[0]?.source;
  const source = seen(scene, first.id, 'request')[0]?.source ?? scene.path.sourceAddress;
  if (shown === undefined || source === null) return undefined;
  const own = first.link.addresses.find((address) => address.address === source);
  const bridge = scene.path.hops.filter((hop) => hop.where === 'host' && hop !== uplink).at(-1);
  return {
    source,
    shown,
    rewritten: shown !== source,
    subnet: subnetOf(source, own?.prefix ?? (scene.flow.family === 6 ? 64 : 24)),
    bridge: bridge?.name ?? 'lo',
    uplink: uplink.name,
  };
}
