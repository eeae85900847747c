/** Builds the demo's network in the namespace that netdoctor runs in, which plays the host. */
import type { Machine } from '../host/machine.ts';
import type { Command } from '../model/netns.ts';
import { act, namespace } from './act.ts';
import type { DemoNetwork, Guest, Segment } from './network.ts';

const segment: Segment = {
  bridge: 'br0',
  gateway: '172.18.0.1',
  subnet: '172.18.0.0/16',
  prefix: 16,
  acceptedIn: 'FORWARD',
};
const other: Segment = {
  bridge: 'br1',
  gateway: '172.19.0.1',
  subnet: '172.19.0.0/16',
  prefix: 16,
  acceptedIn: 'FORWARD',
};
const uplink = { device: 'eth0', address: '192.0.2.2', nextHop: '192.0.2.1' };
const OUTSIDE = '198.51.100.1';

const guests = {
  container: {
    name: 'web',
    device: 'eth0',
    address: '172.18.0.2',
    mac: '02:42:ac:12:00:02',
    port: 'vethweb',
  },
  neighbour: { name: 'db', device: 'eth0', address: '172.18.0.3', mac: '02:42:ac:12:00:03', port: 'vethdb' },
  stranger: {
    name: 'mail',
    device: 'eth0',
    address: '172.19.0.2',
    mac: '02:42:ac:13:00:02',
    port: 'vethmail',
  },
} as const;

/** Containers, bridges and internet, as Docker would lay them out; everything answers. @throws Failure */
export async function buildNetwork(machine: Machine): Promise<DemoNetwork> {
  const named = [...Object.values(guests).map((guest) => guest.name), 'internet'];
  await batch(
    machine,
    named.map((name) => `netns add ${name}`),
  );
  const places = [undefined, ...named.map((name) => namespace(machine, name))];
  await Promise.all(places.map((place) => act(machine, { ...withoutIpv6, ...(place ? { in: place } : {}) })));
  await batch(machine, hostLines());
  await Promise.all([
    batch(machine, guestLines(guests.container, segment), 'web'),
    batch(machine, guestLines(guests.neighbour, segment), 'db'),
    batch(machine, guestLines(guests.stranger, other), 'mail'),
    batch(machine, internetLines, 'internet'),
    act(machine, sysctl(['net.ipv4.ip_forward=1', 'net.ipv4.conf.all.rp_filter=0'])),
    act(machine, { argv: ['iptables-restore'] }, rules),
  ]);
  const place = <G>(guest: G & { name: string }): G & { netns: Guest['netns'] } => ({
    ...guest,
    netns: namespace(machine, guest.name),
  });
  return {
    container: place(guests.container),
    neighbour: place(guests.neighbour),
    stranger: place(guests.stranger),
    segment,
    other,
    uplink,
    internet: { netns: namespace(machine, 'internet'), device: 'eth0', address: OUTSIDE },
  };
}

const sysctl = (settings: readonly string[]): Command => ({ argv: ['sysctl', '-qw', ...settings] });

/** Neighbour discovery would put packets of its own between those of the probe. */
const withoutIpv6 = sysctl(['net.ipv6.conf.all.disable_ipv6=1', 'net.ipv6.conf.default.disable_ipv6=1']);

async function batch(machine: Machine, lines: readonly string[], name?: string): Promise<void> {
  const where = name === undefined ? [] : ['-n', name];
  await act(machine, { argv: ['ip', ...where, '-batch', '-'] }, `${lines.join('\n')}\n`);
}

const hostLines = (): readonly string[] => [
  'link set lo up',
  ...[segment, other].flatMap(({ bridge, gateway, prefix }) => [
    `link add ${bridge} type bridge`,
    `link set ${bridge} up`,
    `addr add ${gateway}/${prefix} dev ${bridge}`,
  ]),
  ...(
    [
      [guests.container, segment],
      [guests.neighbour, segment],
      [guests.stranger, other],
    ] as const
  ).flatMap(([{ port, device, mac, name }, { bridge }]) => [
    `link add ${port} type veth peer name ${device} address ${mac} netns ${name}`,
    `link set ${port} master ${bridge} up`,
  ]),
  `link add ${uplink.device} type veth peer name eth0 netns internet`,
  `link set ${uplink.device} up`,
  `addr add ${uplink.address}/24 dev ${uplink.device}`,
  `route add default via ${uplink.nextHop}`,
];

const guestLines = (guest: Omit<Guest, 'netns'>, { gateway, prefix }: Segment): readonly string[] => [
  'link set lo up',
  `link set ${guest.device} up`,
  `addr add ${guest.address}/${prefix} dev ${guest.device}`,
  `route add default via ${gateway}`,
];

const internetLines = [
  'link set lo up',
  'link set eth0 up',
  `addr add ${uplink.nextHop}/24 dev eth0`,
  `addr add ${OUTSIDE}/32 dev lo`,
  'addr add 198.51.100.53/32 dev lo',
];

/** What Docker 28 writes for two networks, without published ports. */
const rules = `*filter
:INPUT ACCEPT [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
:DOCKER-USER - [0:0]
:DOCKER-ISOLATION-STAGE-1 - [0:0]
:DOCKER-ISOLATION-STAGE-2 - [0:0]
-A FORWARD -j DOCKER-USER
-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -j DOCKER-ISOLATION-STAGE-1
-A FORWARD -i br0 -j ACCEPT
-A FORWARD -i br1 -j ACCEPT
-A DOCKER-ISOLATION-STAGE-1 -i br0 ! -o br0 -j DOCKER-ISOLATION-STAGE-2
-A DOCKER-ISOLATION-STAGE-1 -i br1 ! -o br1 -j DOCKER-ISOLATION-STAGE-2
-A DOCKER-ISOLATION-STAGE-2 -o br0 -j DROP
-A DOCKER-ISOLATION-STAGE-2 -o br1 -j DROP
-A DOCKER-USER -j RETURN
COMMIT
*nat
:PREROUTING ACCEPT [0:0]
:INPUT ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
-A POSTROUTING -s ${segment.subnet} ! -o ${segment.bridge} -j MASQUERADE
-A POSTROUTING -s ${other.subnet} ! -o ${other.bridge} -j MASQUERADE
COMMIT
`;
