/** What a scenario is about: which flow, on which kind of network, made by whom. Told by the scenario's own words. */
import { type End, parseEnd, parseStart, type Start } from '../../src/model/ends.ts';
import type { Scenario } from '../lab/scenario-file.ts';

export interface Sort {
  readonly flow: string;
  readonly network: string;
  readonly family: 'IPv4' | 'IPv6' | 'both';
  readonly runtime: string;
}

/** Port that the lab's host and the engines' scenarios publish. */
const PUBLISHED = 8080;
/** The host's own addresses in the lab and under the engines. */
const HOST = /^(10\.88\.0\.1|10\.89\.0\.1|192\.0\.2\.1|192\.0\.3\.1|2001:db8::1|fd00:88::1)$/;
/** Beyond the uplink, or beyond a tunnel. */
const OUTSIDE = /^(198\.51\.100\.|203\.0\.113\.|10\.77\.0\.|2001:db8:f::)/;

const option = ({ args }: Scenario, name: string): string | undefined => {
  const at = args.indexOf(name);
  return at < 0 ? undefined : args[at + 1];
};

function fromContainer(scenario: Scenario, end: End): string {
  const port = 'port' in end ? end.port : null;
  if (end.kind === 'container') return 'container → container';
  if (end.kind === 'host' || end.kind === 'gateway') return 'container → host';
  if (end.kind === 'name') {
    if (/\.internal$/.test(end.name)) return 'container → host, by name';
    return end.name.includes('.') ? 'container → outside, by name' : 'container → container, by name';
  }
  if (end.kind !== 'address') return 'container → published port';
  if (/^(127\.|::1$)/.test(end.address)) return 'container → itself';
  if (HOST.test(end.address)) {
    if (port !== PUBLISHED) return 'container → host';
    const run = scenario.containers.find(({ name }) => name === scenario.target)?.run ?? [];
    const own = scenario.target === 'A' || /--publish|-p /.test(run.join(' '));
    return own ? 'container → its own published port' : 'container → published port';
  }
  return OUTSIDE.test(end.address) ? 'container → outside' : 'container → container';
}

function fromHost(end: End): string {
  if (end.kind !== 'address') return 'host → container';
  if (/^127\./.test(end.address)) return 'host → published port on loopback';
  if (HOST.test(end.address)) return 'host → published port';
  return OUTSIDE.test(end.address) ? 'host → the far end of a tunnel' : 'host → container';
}

const fromOutside = (end: End): string =>
  end.kind === 'address' && !HOST.test(end.address) ? 'outside → container' : 'outside → published port';

function flowOf(scenario: Scenario, start: Start): string {
  if (option(scenario, '--proto') === 'dns') return 'container → its DNS server';
  const end = parseEnd(option(scenario, '--to') ?? '198.51.100.1', ['netns', 'docker', 'podman', 'pid']);
  if (start.kind === 'host') return fromHost(end);
  if (start.kind === 'outside') return fromOutside(end);
  if (start.kind === 'container') return fromContainer(scenario, end);
  return end.kind === 'address' && HOST.test(end.address)
    ? 'container → published port'
    : 'container → container';
}

/** The first whose words are in the scenario: the rarer kinds before those that most scenarios have. */
const NETWORKS: readonly (readonly [string, RegExp])[] = [
  ['overlay (Swarm)', /swarm|overlay"|-d overlay|--driver.?overlay/],
  ['ipvlan', /ipvlan/],
  ['macvlan', /macvlan/],
  ['vxlan', /type vxlan/],
  ['netkit', /type netkit/],
  ['VRF', /type vrf/],
  ['WireGuard', /type wireguard/],
  ['bond', /type bond/],
  ['bridge that filters VLANs', /vlan_filtering 1/],
  ['VLAN', /type vlan/],
  ['IP tunnel', /type (gre|ipip|sit)\b/],
  ['geneve', /type geneve/],
  ['IPVS', /ipvsadm/],
  ['tun', /tuntap/],
  ['bridge with the uplink on it', /set up0 master|up0 master br1/],
  ['routed veth', /vethc nomaster; ip link set vethc up; sysctl|vetha nomaster; ip route add 10\.88\.0\.2/],
  ['veth pair between containers', /p1 netns \$B/],
];

/** Engines: how the target was started. */
const MODES: readonly (readonly [string, RegExp])[] = [
  ['none', /--network[= ]none/],
  ['host', /--network[= ]host/],
  ["another container's", /--network[= ]container:/],
];

function networkOf(scenario: Scenario): string {
  const { engine, before, inject, networks, containers, target, file } = scenario;
  // What only a decoy or a repair sets up is not what the flow runs on.
  const words = JSON.stringify([file, networks, before, scenario.control === 'none' ? inject : []]);
  const found = NETWORKS.find(([, pattern]) => pattern.test(words))?.[0];
  if (found) return found;
  if (engine === undefined) return target === 'process' ? 'none' : 'bridge';
  const run = containers.find(({ name }) => name === target)?.run.join(' ') ?? '';
  const mode = MODES.find(([, pattern]) => pattern.test(run))?.[0];
  if (mode) return mode;
  if (/--internal/.test(JSON.stringify(networks))) return 'internal bridge';
  const joins =
    (run.match(/--network/g) ?? []).length + (/network connect/.test(JSON.stringify(before)) ? 1 : 0);
  if (joins > 1) return 'two bridges';
  return joins === 1 ? 'user bridge' : 'default bridge';
}

function familyOf(scenario: Scenario): Sort['family'] {
  const to = option(scenario, '--to') ?? '';
  if (to.startsWith('both.')) return 'both';
  if (to.startsWith('container:')) return 'IPv4';
  return /:.*:/.test(to) || scenario.args.includes('-6') ? 'IPv6' : 'IPv4';
}

export const sortOf = (scenario: Scenario): Sort => ({
  flow: flowOf(scenario, parseStart(option(scenario, '--from') ?? 'container')),
  network: networkOf(scenario),
  family: familyOf(scenario),
  runtime: scenario.engine ?? 'namespace',
});

/** Where a scenario lies below `test/scenarios`: `container-to-its-dns-server/docker`. */
export function folderOf(scenario: Scenario): string {
  const { flow, runtime } = sortOf(scenario);
  return `${flow.replace('→', 'to').replaceAll(',', '').replaceAll(' ', '-').toLowerCase()}/${runtime}`;
}
