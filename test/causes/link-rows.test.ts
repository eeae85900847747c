/** Causes in what a link is: peers of WireGuard, outer packets of tunnels, VLANs of a bridge, IPVS, dummies. */
import type { Decoy, Row } from './examine.ts';
import { address, link, route } from './lab-state.ts';
import { iptables } from './rules-of.ts';
import { decision, dropped, firewallRule, healthy, type Lab, linkOf, lostAt, silent } from './scene.ts';
import { describeCauses } from './table.ts';

/** The way out is a tunnel, whose outer packets leave by w0. */
function through(kind: string, lab: Lab, data: Record<string, unknown> = {}): Lab {
  const hop = lab.path.hops.find(({ id }) => id === 'host/up0')!;
  hop.kind = kind;
  for (const one of [hop.link, ...lab.stacks.host.links.filter(({ name }) => name === 'up0')])
    Object.assign(one, { kind, noarp: true, data });
  lab.stacks.host.links.push(link(60, 'w0', 'veth', { addresses: [address('203.0.113.1/24')] }) as never);
  lab.stacks.host.routes.push(route('203.0.113.0/24', { dev: 'w0' }) as never);
  return lab;
}

const PEER = { dev: 'up0', key: 'KEY=', endpoint: '203.0.113.2:51820', allowed: ['0.0.0.0/0'], handshake: 5 };

/** WireGuard turned the request away, or said nothing. */
function wireguard(
  peers: Partial<typeof PEER | { endpoint: null; handshake: null }>[],
  answer = 'error',
): Lab {
  const lab = through('wireguard', silent(healthy()));
  lab.wireguard = peers.map((one) => ({ ...PEER, ...one })) as never;
  if (answer === 'error')
    lab.symptom = { kind: 'error', errno: 'EHOSTUNREACH', from: '10.88.0.1', says: null, bornAt: null };
  return lab;
}

/** The outer packet was thrown away by a firewall. */
function outer(kind: string, rule: string, data: Record<string, unknown> = { remote: '203.0.113.2' }): Lab {
  const lab = dropped(through(kind, silent(healthy()), data), 'NETFILTER_DROP', 'nft_do_chain', 'up0');
  lab.firewall.host = [firewallRule({ chain: 'OUTPUT', hook: null, text: rule })];
  return lab;
}

const SERVICE = { proto: 'tcp', address: '10.96.0.1', port: 80 } as const;
const SERVER = { address: '198.51.100.99', port: 8080, forward: 'Masq', weight: 1 };

/** The container asks for a virtual service of the host. */
function balanced(servers: readonly (typeof SERVER)[]): Lab {
  const lab = silent(healthy());
  Object.assign(lab.flow, { address: '10.96.0.1', to: '10.96.0.1:80', proto: 'tcp', port: 80 });
  lab.virtualServices = [{ ...SERVICE, servers: [...servers] }];
  for (const one of lab.sightings)
    if (one.hop === 'host/up0') Object.assign(one, { destination: SERVER.address, destinationPort: 8080 });
  return lab;
}

const PLAIN = ['PVID', 'Egress Untagged'];

/** A bridge that filters VLANs; memberships as dev, VLAN and flags. */
function vlans(lab: Lab, memberships: readonly (readonly [string, number, readonly string[]])[]): Lab {
  linkOf(lab, 'host/br0').bridge!.vlanFiltering = true;
  lab.vlans = memberships.map(([dev, vlan, flags]) => ({ dev, vlan, flags: [...flags] }));
  return lab;
}

/** The gateway stands on the bridge for VLAN 10: br0.10. */
function onUpper(lab: Lab, about: { up?: boolean } = {}): Lab {
  const br0 = linkOf(lab, 'host/br0');
  const upper = link(70, 'br0.10', 'vlan', {
    link: br0.ifindex,
    linkName: 'br0',
    data: { id: 10 },
    addresses: br0.addresses as never,
    ...about,
  });
  br0.addresses = [];
  lab.stacks.host.links.push(upper as never);
  const at = lab.path.hops.findIndex(({ id }) => id === 'host/br0') + 1;
  const hop = { ...lab.path.hops[at - 1]!, id: 'host/br0.10', name: 'br0.10', kind: 'vlan', link: upper };
  lab.path.hops.splice(at, 0, hop as never);
  lab.path.stages.splice(at, 0, 'port');
  return lab;
}

/** The default route leads into a dummy. */
function intoDummy(): Lab {
  const lab = silent(healthy());
  const dummy = link(80, 'dummy0', 'dummy', { noarp: true });
  lab.stacks.host.links.push(dummy as never);
  lab.stacks.host.routes = lab.stacks.host.routes.map((one) =>
    one.destination === '0.0.0.0/0' ? { ...one, dev: 'dummy0', gateway: null } : one,
  );
  const last = lab.path.hops.at(-1)!;
  Object.assign(last, { id: 'host/dummy0', name: 'dummy0', link: dummy });
  lab.path.hostRoute = decision({ dev: 'dummy0' }) as never;
  for (const one of lab.sightings) if (one.hop === 'host/up0') one.hop = 'host/dummy0';
  return lab;
}

const rows: Row[] = [
  {
    id: 'wireguard-peer',
    when: 'no peer is sent this destination',
    lab: () => wireguard([{ allowed: ['10.99.0.0/24'] }]),
    sure: 'proved',
    says: /none of them covers 198\.51\.100\.1/,
  },
  {
    id: 'wireguard-peer',
    when: 'there is none',
    lab: () => wireguard([]),
    says: /has no peer at all/,
  },
  {
    id: 'wireguard-peer',
    when: 'the peer was never heard of and has no endpoint',
    lab: () => wireguard([{ allowed: ['10.99.0.0/24'] }, { endpoint: null, handshake: null }]),
    says: /no endpoint/,
  },
  {
    id: 'wireguard-peer',
    when: 'there was never a handshake',
    lab: () => wireguard([{ handshake: null }], 'silence'),
    sure: 'proved',
    says: /203\.0\.113\.2:51820 does not answer.*never a handshake/,
  },
  {
    id: 'wireguard-peer',
    when: 'the last handshake is too long ago',
    lab: () => wireguard([{ handshake: 400 }], 'silence'),
    says: /400 s ago/,
  },
  {
    id: 'output-rule-drop',
    when: 'GRE, by its protocol',
    lab: () => outer('gre', '-A OUTPUT -p gre -j DROP'),
    sure: 'proved',
    says: /its tunnel up0: -A OUTPUT -p gre -j DROP/,
    fix: ['iptables -t filter -D OUTPUT 1'],
  },
  {
    id: 'output-rule-drop',
    when: 'GRE, by the first rule that it comes to, past one of a chain that lets it go on',
    lab: () => {
      const lab = outer('gre', '');
      lab.firewall.host = iptables(
        '-A OUTPUT -j OTHERS\n-A OTHERS -p gre -j RETURN\n-A OTHERS -j DROP\n-A OUTPUT -o w0 -j REJECT',
      ) as never;
      return lab;
    },
    says: /its tunnel up0: -A OUTPUT -o w0 -j REJECT/,
  },
  {
    id: 'output-rule-drop',
    when: 'IPIP, by the card it would leave by',
    lab: () => outer('ipip', '-A OUTPUT -d 203.0.113.2/32 -o w0 ! -p icmp -j DROP'),
    says: /threw what it made of them to 203\.0\.113\.2 away/,
  },
  {
    id: 'output-rule-drop',
    when: 'WireGuard, whose peer tells the other end',
    lab: () => {
      const lab = outer('wireguard', '-A OUTPUT -p udp -m udp --dport 51820 -j DROP', {});
      lab.wireguard = [PEER];
      return lab;
    },
    says: /--dport 51820/,
  },
  {
    id: 'output-rule-drop',
    when: 'WireGuard, and it is not the first peer that takes the address',
    lab: () => {
      const lab = outer('wireguard', '-A OUTPUT -d 203.0.113.2/32 -p udp -j DROP', {});
      lab.wireguard = [{ ...PEER, endpoint: '203.0.113.9:51820', allowed: ['10.99.0.0/24'] }, PEER];
      return lab;
    },
    says: /-d 203\.0\.113\.2\/32.*threw what it made of them to 203\.0\.113\.2 away/,
  },
  {
    id: 'ipvs-no-server',
    when: 'it has none',
    lab: () => balanced([]),
    sure: 'proved',
    says: /10\.96\.0\.1:80 has no server/,
  },
  {
    id: 'ipvs-no-server',
    when: 'of weight 0',
    lab: () => balanced([{ ...SERVER, weight: 0 }]),
    says: /weight 0/,
  },
  {
    id: 'ipvs-server-silent',
    when: 'the one it chose',
    lab: () => balanced([{ ...SERVER, address: '198.51.100.7' }, SERVER]),
    says: /to 198\.51\.100\.99:8080, which does not answer/,
  },
  {
    id: 'bridge-vlan-mismatch',
    when: 'the port sends its VLAN with a tag',
    lab: () =>
      vlans(lostAt(healthy(), 2), [
        ['vetha', 1, ['PVID']],
        ['br0', 1, PLAIN],
      ]),
    says: /sends VLAN 1 with a tag/,
    fix: ['bridge vlan add dev vetha vid 1 pvid untagged'],
    undo: ['bridge vlan add dev vetha vid 1 pvid'],
  },
  {
    id: 'bridge-vlan-mismatch',
    when: 'the answer arrives with a tag, and nobody takes it',
    lab: () =>
      dropped(
        vlans(lostAt(healthy(), 0, 'reply'), [
          ['vetha', 1, ['PVID']],
          ['br0', 1, PLAIN],
        ]),
        'OTHERHOST',
        'ip_rcv_core',
      ),
    sure: 'proved',
    fix: ['bridge vlan add dev vetha vid 1 pvid untagged'],
  },
  {
    id: 'bridge-vlan-mismatch',
    when: 'the bridge is no member of the VLAN that its own interface takes',
    lab: () => vlans(lostAt(onUpper(healthy()), 2), [['vetha', 10, PLAIN]]),
    says: /br0\.10/,
    fix: ['bridge vlan add dev br0 vid 10 self'],
    undo: ['bridge vlan del dev br0 vid 10 self'],
  },
  {
    id: 'bridge-vlan-mismatch',
    when: 'the port is in another VLAN than the gateway’s interface',
    lab: () =>
      vlans(lostAt(onUpper(healthy()), 2), [
        ['vetha', 20, PLAIN],
        ['br0', 10, []],
      ]),
    fix: ['bridge vlan add dev vetha vid 10 pvid untagged'],
    undo: ['bridge vlan del dev vetha vid 10', 'bridge vlan add dev vetha vid 20 pvid untagged'],
  },
  {
    id: 'bridge-down',
    when: 'the interface by which the host takes the VLAN',
    lab: () => lostAt(onUpper(healthy(), { up: false }), 3),
    says: /br0\.10, by which the host takes VLAN 10 of its bridge, is down/,
    fix: ['ip link set dev br0.10 up'],
    undo: ['ip link set dev br0.10 down'],
  },
  {
    id: 'host-route-diverted',
    when: 'the default route leads into a dummy, which throws all away',
    lab: intoDummy,
    says: /dummy0 is a dummy/,
  },
];

rows.push({
  id: 'container-interface-down',
  when: 'an ipvlan sibling, whose packets its parent’s own stack gets',
  lab: () => {
    const lab = lostAt(healthy('sibling'), 3);
    for (const id of ['container/eth0', 'other/eth0']) Object.assign(linkOf(lab, id), { kind: 'ipvlan' });
    for (const hop of lab.path.hops) if (hop.where !== 'host') hop.link.kind = 'ipvlan';
    linkOf(lab, 'other/eth0').up = false;
    return dropped(lab, 'IP_INADDRERRORS', 'ip_error', 'up0');
  },
  says: /eth0 of the other container is down/,
});

const decoys: Decoy[] = [
  {
    id: 'host-no-route',
    when: 'a child of layer 2 on the uplink’s wire asks, which the host routes nothing for',
    lab: () => {
      const lab = healthy();
      lab.path.hops = [lab.path.hops[0]!, lab.path.hops.at(-1)!];
      lab.path.stages = ['send', 'wire', 'beyond'];
      lab.path.hops[0]!.link.kind = 'ipvlan';
      lab.stacks.host.routes = lab.stacks.host.routes.filter((one) => !one.destination.endsWith('/0'));
      return silent(lab);
    },
  },
  { id: 'wireguard-peer', when: 'a peer takes it', lab: () => wireguard([{}]) },
  { id: 'wireguard-peer', when: 'its handshake is fresh', lab: () => wireguard([{}], 'silence') },
  {
    id: 'wireguard-peer',
    when: 'it is another peer',
    lab: () => wireguard([{}, { allowed: ['203.0.113.0/24'], handshake: 999 }], 'silence'),
  },
  {
    id: 'output-rule-drop',
    when: 'the rule dropped it before the tunnel',
    lab: () =>
      dropped(
        through('gre', lostAt(healthy(), 3), { remote: '203.0.113.2' }),
        'NETFILTER_DROP',
        'nft_do_chain',
        'br0',
      ),
  },
  { id: 'ipvs-no-server', when: 'it has one', lab: () => balanced([SERVER]) },
  {
    id: 'ipvs-server-silent',
    when: 'the address is no service of it',
    lab: () => {
      const lab = balanced([SERVER]);
      lab.virtualServices = [];
      return lab;
    },
  },
  {
    id: 'bridge-vlan-mismatch',
    when: 'the gateway’s interface and the port agree',
    lab: () =>
      vlans(lostAt(onUpper(healthy()), 2), [
        ['vetha', 10, PLAIN],
        ['br0', 10, []],
      ]),
  },
  { id: 'bridge-down', when: 'that interface is up', lab: () => lostAt(onUpper(healthy()), 3) },
  {
    id: 'host-route-diverted',
    when: 'WireGuard carries it, as it is meant to',
    lab: () => {
      const lab = wireguard([{}], 'silence');
      lab.stacks.host.links.push(link(90, 'wg0', 'wireguard', { noarp: true }) as never);
      lab.stacks.host.routes.push(route('198.51.100.0/24', { dev: 'wg0' }) as never);
      lab.path.hops.at(-1)!.name = 'wg0';
      return lab;
    },
  },
];

describeCauses(rows, decoys, ['ipvs-server-silent']);
