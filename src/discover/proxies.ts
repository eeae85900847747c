/** Does this host answer neighbours for others? It does so late on purpose, so that the true owner may be first. */
import type { Machine } from '../host/machine.ts';
import type { Path } from '../model/path.ts';

const SETTINGS = [
  'ipv4/conf/DEV/proxy_arp',
  'ipv4/conf/DEV/proxy_arp_pvlan',
  'ipv6/conf/DEV/proxy_ndp',
] as const;

/** Of an interface of the path on this host, or of the bridge that it is a port of. Source: ip-sysctl.rst. */
export function answersForOthers(machine: Machine, { hops }: Pick<Path, 'hops'>): boolean {
  const own = hops.filter(({ where }) => where === 'host');
  const devices = new Set(['all', ...own.flatMap(({ name, link }) => [name, link.master ?? name])]);
  return [...devices].some((dev) =>
    SETTINGS.some((setting) => {
      const value = machine.read(`/proc/sys/net/${setting.replace('DEV', dev)}`);
      return value.known && value.value.trim() === '1';
    }),
  );
}
