import type { Machine } from '../../host/machine.ts';
import { type Answer, known, notKnown } from '../../model/answer.ts';
import type { Side } from '../../model/facts.ts';
import { linkHolding } from '../../model/stack.ts';
import { fact, type Ground } from '../fact.ts';
import { type Place, sides } from '../sides.ts';

const GLOBAL = [
  'net.ipv4.ip_forward',
  'net.ipv4.icmp_echo_ignore_all',
  'net.ipv4.ping_group_range',
  'net.ipv4.ip_nonlocal_bind',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.ip_default_ttl',
  'net.ipv4.tcp_ecn',
  'net.ipv4.tcp_timestamps',
  'net.ipv4.tcp_sack',
  'net.ipv4.tcp_window_scaling',
  'net.bridge.bridge-nf-call-iptables',
  'net.bridge.bridge-nf-call-ip6tables',
  'net.bridge.bridge-nf-call-arptables',
  'net.netfilter.nf_conntrack_count',
  'net.netfilter.nf_conntrack_max',
  'net.netfilter.nf_conntrack_udp_timeout',
  'net.netfilter.nf_conntrack_udp_timeout_stream',
  'net.ipv4.neigh.default.gc_thresh1',
  'net.ipv4.neigh.default.gc_thresh2',
  'net.ipv4.neigh.default.gc_thresh3',
  'net.ipv6.neigh.default.gc_thresh3',
] as const;

const PER_DEVICE = {
  ipv4: [
    'forwarding',
    'rp_filter',
    'arp_ignore',
    'arp_filter',
    'arp_announce',
    'proxy_arp',
    'route_localnet',
    'accept_local',
    'src_valid_mark',
    'log_martians',
    'bc_forwarding',
  ],
  ipv6: ['disable_ipv6', 'forwarding', 'accept_ra', 'proxy_ndp', 'accept_dad'],
} as const;

/** How often a device asks for a neighbour that it does not know: by packets, and by a program. */
const PER_NEIGHBOURHOOD = ['mcast_solicit', 'app_solicit'] as const;

const FOLDERS = Object.entries(PER_DEVICE).flatMap(([family, names]) => [
  { folder: [family, 'conf'], names },
  { folder: [family, 'neigh'], names: PER_NEIGHBOURHOOD },
]);

/** A device's name may hold dots, which are no separators. */
function keysOf(device: string): [key: string, file: string][] {
  return FOLDERS.flatMap(({ folder, names }) =>
    names.map((name): [string, string] => [
      ['net', ...folder, device, name].join('.'),
      ['/proc/sys/net', ...folder, device, name].join('/'),
    ]),
  );
}

const fileOf = (key: string): string => `/proc/sys/${key.replaceAll('.', '/')}`;

/** Every setting that matters, and the file it is in. */
export function settingFiles(devices: readonly string[]): [key: string, file: string][] {
  const all = [...new Set(['all', 'default', 'lo', ...devices])];
  return [...GLOBAL.map((key): [string, string] => [key, fileOf(key)]), ...all.flatMap(keysOf)];
}

/** What stands in a setting's file, as it is told. */
export const settingValue = (text: string): string => text.trim().replace(/\s+/g, ' ');

/**
 * Each is read when somebody wants to know it: there are hundreds, and a verdict rests on a few. Those that a kernel does not
 * have (a module not loaded, another namespace's) are undefined. Null where none can be read.
 */
function settings(machine: Machine, { netns, devices }: Place): Record<string, string> | null {
  const files = settingFiles(devices);
  if (!files.some(([, file]) => machine.read(file, netns).known)) return null;
  const values = {};
  for (const [key, file] of files) {
    let answer: Answer<string> | undefined;
    const get = (): string | undefined => {
      answer ??= machine.read(file, netns);
      return answer.known ? settingValue(answer.value) : undefined;
    };
    Object.defineProperty(values, key, { enumerable: true, get });
  }
  return values;
}

/**
 * Interfaces of the host that may be none of the path's, and hear its packets by settings of their own: the owner of the address
 * that is asked for, and those of the gateways by which whoever is asked may answer.
 */
function ownersOf({ stacks: { container, host, other }, path }: Ground): string[] {
  const gateways = [container, other].flatMap((stack) => stack?.routes.map(({ gateway }) => gateway) ?? []);
  return [path.realDestination, ...gateways].flatMap((address) =>
    address === null ? [] : (linkHolding(host, address)?.name ?? []),
  );
}

/** Source: Documentation/networking/ip-sysctl.rst of the kernel. */
export default fact({
  name: 'sysctls',
  gather(machine: Machine, ground: Ground) {
    const source = ['sysctl', '-a', '-r', '^net'];
    const all: Record<Side, Record<string, string>> = { container: {}, host: {}, other: {} };
    const more = [...new Set(ownersOf(ground))];
    for (const place of sides(ground)) {
      const devices = place.side === 'host' ? [...place.devices, ...more] : place.devices;
      const found = settings(machine, { ...place, devices });
      if (!found) return notKnown('unreadable', `the sysctls of the ${place.side} could not be read`, source);
      all[place.side] = found;
    }
    return known(ground.target.hostNetwork ? { ...all, container: all.host } : all, source);
  },
});
