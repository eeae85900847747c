/** Causes between the container's interface and the host's: veth, bridge, neighbours. */

import { sighting } from '../examples/sighting.ts';
import type { Decoy, Row } from './examine.ts';
import { address, MAC, neighbour, route } from './lab-state.ts';
import { dropped, firewallRule, healthy, hit, type Lab, linkOf, lostAt, silent, type Way } from './scene.ts';
import { describeCauses } from './table.ts';

/** The question for this address was seen on these hops, and nobody answered. */
function asking(lab: Lab, to: string, hops: readonly string[]): Lab {
  const first = lab.path.hops[0]!;
  const stack = lab.stacks[first.where]!;
  stack.neighbours = stack.neighbours.filter((one) => one.address !== to);
  stack.neighbours.push(neighbour(to, first.name, null, 'INCOMPLETE') as never);
  lostAt(lab, 0);
  const from = lab.path.sourceAddress;
  lab.sightings = hops.map((hop) =>
    sighting(hop, 'neighbour', { probe: -1, says: `who has ${to}? tell ${from}` }),
  ) as never;
  return lab;
}

const VIRTUAL = '10.88.0.200';

/** The host keeps the address of a service on lo, and a container of the same subnet asks for it. */
function onLoopback(): Lab {
  const lab = healthy('to-host');
  lab.flow.address = VIRTUAL;
  lab.path.realDestination = VIRTUAL;
  const lo = lab.stacks.host.links.find(({ kind }) => kind === 'loopback')!;
  lo.addresses.push(address(`${VIRTUAL}/32`) as never);
  return lab;
}

function port(lab: Lab, id: string, about: object): Lab {
  Object.assign(linkOf(lab, id).port!, about);
  return lab;
}

const lost = (way: Way, index: number, change: (lab: Lab) => void = () => {}): Lab => {
  const lab = healthy(way);
  change(lab);
  return lostAt(lab, index);
};

function offBridge(): Lab {
  return lost('outside', 2, (lab) => {
    linkOf(lab, 'host/vetha').master = null;
  });
}

/** Two containers on a bridge that has no address, so that only the neighbour tells which bridge it is. */
function bareBridge(change: (lab: Lab) => void): Lab {
  const lab = asking(healthy('sibling'), '10.88.0.3', ['container/eth0', 'host/vetha']);
  linkOf(lab, 'host/br0').addresses = [];
  const { container } = lab.stacks;
  container.routes = container.routes.filter((one) => one.gateway === null);
  change(lab);
  return lab;
}

function filteringVlans(lab: Lab, vlans: [string, number][]): Lab {
  linkOf(lab, 'host/br0').bridge!.vlanFiltering = true;
  lab.vlans = vlans.map(([dev, vlan]) => ({ dev, vlan, flags: ['PVID', 'Egress Untagged'] }));
  return lab;
}

/** Requests carry this MAC address from the container on. */
function addressed(lab: Lab, mac: string): Lab {
  for (const one of lab.sightings)
    if (one.kind === 'request' && one.hop !== 'host/up0') one.destinationMac = mac;
  return lab;
}

function bridgeWithoutAddress(family: 4 | 6 = 4): Lab {
  const lab = healthy('outside', family);
  const br0 = linkOf(lab, 'host/br0');
  br0.addresses = br0.addresses.filter((one) => one.family !== family);
  lab.stacks.host.routes = lab.stacks.host.routes.filter((one) => one.dev !== 'br0' || one.family !== family);
  return lostAt(lab, 3, 'reply');
}

const rows: Row[] = [
  {
    id: 'veth-host-end-down',
    when: 'vetha is down',
    lab: () =>
      lost('outside', 0, (lab) => {
        linkOf(lab, 'host/vetha').up = false;
        linkOf(lab, 'container/eth0').carrier = false;
      }),
    sure: 'proved',
    fix: ['ip link set dev vetha up'],
    undo: ['ip link set dev vetha down'],
  },
  {
    id: 'veth-host-end-down',
    when: 'that of the neighbour asked for',
    lab: () => {
      const lab = asking(healthy('sibling'), '10.88.0.3', ['container/eth0', 'host/vetha']);
      linkOf(lab, 'host/vethb').up = false;
      return lab;
    },
    says: /vethb.*the other container/,
  },
  {
    id: 'veth-host-end-down',
    when: 'that of the neighbour, where the bridge tells that it had no port to flood to',
    lab: () => {
      const lab = asking(healthy('sibling'), '10.88.0.3', ['container/eth0', 'host/vetha']);
      linkOf(lab, 'host/vethb').up = false;
      return dropped(lab, 'NOT_SPECIFIED', 'br_flood');
    },
    sure: 'proved',
  },
  {
    id: 'veth-not-on-bridge',
    when: 'vetha has no master',
    lab: offBridge,
    sure: 'proved',
    fix: ['ip link set dev vetha master br0'],
    undo: ['ip link set dev vetha nomaster'],
  },
  {
    id: 'veth-not-on-bridge',
    when: 'vetha has no master, and the bridge of its neighbour has no address',
    lab: () =>
      bareBridge((lab) => {
        linkOf(lab, 'host/vetha').master = null;
      }),
    fix: ['ip link set dev vetha master br0'],
    undo: ['ip link set dev vetha nomaster'],
  },
  {
    id: 'veth-not-on-bridge',
    when: 'vetha has no master, and nothing tells which bridge it belongs to',
    lab: () =>
      bareBridge((lab) => {
        linkOf(lab, 'host/vetha').master = null;
        lab.stacks.other = null;
      }),
    says: /not a port of any bridge.*they end there/s,
  },
  {
    id: 'veth-on-wrong-bridge',
    when: 'vetha hangs on br1, and the bridge of its neighbour has no address',
    lab: () =>
      bareBridge((lab) => {
        linkOf(lab, 'host/vetha').master = 'br1';
      }),
    fix: ['ip link set dev vetha master br0'],
    undo: ['ip link set dev vetha master br1'],
  },
  {
    id: 'veth-on-wrong-bridge',
    when: 'vetha hangs on br1, and the answer goes to br0',
    lab: () => {
      const lab = lost('outside', 3, (it) => {
        linkOf(it, 'host/vetha').master = 'br1';
      });
      return lostAt(lab, 3, 'reply');
    },
    fix: ['ip link set dev vetha master br0'],
    undo: ['ip link set dev vetha master br1'],
  },
  {
    id: 'bridge-down',
    when: 'br0 is down',
    lab: () =>
      dropped(
        lost('outside', 2, (lab) => {
          linkOf(lab, 'host/br0').up = false;
        }),
        'BRIDGE_INGRESS_STP_STATE',
        'br_handle_frame',
      ),
    sure: 'proved',
    fix: ['ip link set dev br0 up'],
    undo: ['ip link set dev br0 down'],
  },
  {
    id: 'bridge-address-missing',
    when: 'br0 lost its address, and the reply goes out again',
    lab: bridgeWithoutAddress,
    fix: ['ip addr add 10.88.0.1/24 dev br0'],
    undo: ['ip addr del 10.88.0.1/24 dev br0'],
  },
  {
    id: 'bridge-address-missing',
    when: 'the IPv6 address alone',
    lab: () => bridgeWithoutAddress(6),
    fix: ['ip -6 addr add fd00:88::1/64 dev br0'],
  },
  {
    id: 'bridge-address-missing',
    when: 'the address of another subnet is there',
    lab: () => {
      const lab = bridgeWithoutAddress();
      linkOf(lab, 'host/br0').addresses = [address('10.99.0.1/24') as never];
      return lab;
    },
    says: /10\.99\.0\.1\/24/,
  },
  {
    id: 'bridge-address-missing',
    when: 'and the reply meets the policy of FORWARD on its way out',
    lab: () =>
      hit(dropped(bridgeWithoutAddress(), 'NETFILTER_DROP', 'nft_do_chain'), { number: null }, 'policy drop'),
  },
  {
    id: 'bridge-port-not-forwarding',
    when: 'STP listens',
    lab: () =>
      dropped(
        lost('outside', 2, (lab) => {
          port(lab, 'host/vetha', { state: 'listening' });
          linkOf(lab, 'host/br0').bridge!.stp = true;
        }),
        'BRIDGE_INGRESS_STP_STATE',
        'br_handle_frame',
      ),
    sure: 'proved',
    fix: [
      'ip link set dev br0 type bridge stp_state 0',
      'ip link set dev vetha nomaster',
      'ip link set dev vetha master br0',
    ],
    undo: [
      'ip link set dev br0 type bridge stp_state 1',
      'ip link set dev vetha nomaster',
      'ip link set dev vetha master br0',
    ],
  },
  {
    id: 'bridge-port-isolated',
    when: 'both ports are isolated',
    lab: () =>
      dropped(
        lost('sibling', 2, (lab) => {
          port(lab, 'host/vetha', { isolated: true });
          port(lab, 'host/vethb', { isolated: true });
        }),
        'NOT_SPECIFIED',
        'br_handle_frame_finish',
      ),
    sure: 'proved',
    fix: ['bridge link set dev vetha isolated off', 'bridge link set dev vethb isolated off'],
    undo: ['bridge link set dev vetha isolated on', 'bridge link set dev vethb isolated on'],
  },
  {
    id: 'bridge-port-isolated',
    when: 'a locked port',
    lab: () => port(lost('outside', 2), 'host/vetha', { locked: true }),
    fix: ['bridge link set dev vetha locked off'],
  },
  {
    id: 'bridge-port-isolated',
    when: 'broadcasts are not flooded to the port',
    lab: () =>
      port(asking(healthy('sibling'), '10.88.0.3', ['container/eth0', 'host/vetha']), 'host/vethb', {
        bcastFlood: false,
      }),
    sure: 'proved',
    says: /bcast_flood/,
    fix: ['bridge link set dev vethb bcast_flood on'],
  },
  {
    id: 'bridge-port-isolated',
    when: 'neighbour solicitations are not flooded to the port',
    lab: () =>
      port(asking(healthy('sibling', 6), 'fd00:88::3', ['container/eth0', 'host/vetha']), 'host/vethb', {
        mcastFlood: false,
      }),
    fix: ['ip link set dev br0 type bridge mcast_snooping 0', 'bridge link set dev vethb mcast_flood on'],
    undo: ['bridge link set dev vethb mcast_flood off', 'ip link set dev br0 type bridge mcast_snooping 1'],
  },
  {
    id: 'bridge-port-isolated',
    when: 'the bridge snoops for a querier that is not its own, and had no port for the solicitation',
    lab: () =>
      dropped(
        asking(healthy('sibling', 6), 'fd00:88::3', ['container/eth0', 'host/vetha']),
        'NO_TX_TARGET',
        'br_handle_frame_finish',
      ),
    sure: 'proved',
    says: /multicast snooping of br0/,
    fix: ['ip link set dev br0 type bridge mcast_snooping 0'],
    undo: ['ip link set dev br0 type bridge mcast_snooping 1'],
  },
  {
    id: 'bridge-vlan-mismatch',
    when: 'the port has no PVID',
    lab: () => filteringVlans(lost('outside', 2), [['br0', 1]]),
    fix: ['bridge vlan add dev vetha vid 1 pvid untagged'],
    undo: ['bridge vlan del dev vetha vid 1'],
  },
  {
    id: 'bridge-vlan-mismatch',
    when: 'the port is in another VLAN than the bridge',
    lab: () =>
      filteringVlans(lost('outside', 2), [
        ['vetha', 20],
        ['br0', 1],
      ]),
    fix: ['bridge vlan add dev vetha vid 1 pvid untagged'],
    undo: ['bridge vlan del dev vetha vid 1', 'bridge vlan add dev vetha vid 20 pvid untagged'],
  },
  {
    id: 'bridge-vlan-mismatch',
    when: 'the bridge itself is no member',
    lab: () =>
      filteringVlans(lost('outside', 2), [
        ['vetha', 1],
        ['vethb', 1],
      ]),
    fix: ['bridge vlan add dev br0 vid 1 pvid untagged self'],
  },
  {
    id: 'bridge-fdb-wrong',
    when: 'a static entry sends the replies to vethb',
    lab: () => {
      const lab = lostAt(healthy(), 2, 'reply');
      lab.fdb = [
        { mac: MAC.a, dev: 'vethb', master: 'br0', flags: [], state: 'static', vlan: null, dst: null },
      ];
      return lab;
    },
    sure: 'proved',
    fix: [`bridge fdb del ${MAC.a} dev vethb master`],
    undo: [`bridge fdb replace ${MAC.a} dev vethb master static`],
  },
  {
    id: 'bridge-fdb-wrong',
    when: 'the answer to ARP goes to vethb, by an entry that no frame moves',
    lab: () => {
      const lab = asking(healthy(), '10.88.0.1', ['container/eth0', 'host/vetha', 'host/br0']);
      const entry = { mac: MAC.a, dev: 'vethb', master: 'br0', state: 'static', vlan: null, dst: null };
      lab.fdb = [{ ...entry, flags: ['sticky'] }];
      return lab;
    },
    sure: 'supported',
    fix: [`bridge fdb del ${MAC.a} dev vethb master`],
    undo: [`bridge fdb replace ${MAC.a} dev vethb master static sticky`],
  },
  {
    id: 'bridge-firewall-drop',
    when: 'a traced rule of ebtables',
    lab: () =>
      hit(lost('sibling', 2), {
        engine: 'ebtables',
        family: 'bridge',
        text: `-A FORWARD -s ${MAC.a} -j DROP`,
      }),
    sure: 'proved',
    fix: ['ebtables -t filter -D FORWARD 1'],
  },
  {
    id: 'bridge-firewall-drop',
    when: 'a rule of the arp family, which no probe meets',
    lab: () => {
      const lab = asking(healthy(), '10.88.0.1', ['container/eth0', 'host/vetha', 'host/br0']);
      lab.firewall.host = [
        firewallRule({
          engine: 'nft',
          family: 'arp',
          table: 'f',
          chain: 'in',
          hook: 'input',
          text: 'iifname "br0" drop',
          handle: 3,
        }) as never,
      ];
      return lab;
    },
    sure: 'supported',
    fix: ['nft delete rule arp f in handle 3'],
  },
  {
    id: 'mac-conflict',
    when: 'another container of the bridge has the same',
    lab: () => {
      const lab = lost('from-host', 1);
      lab.members = [
        { port: 'vethb', name: 'eth0', mac: MAC.a, addresses: ['10.88.0.3'], namespace: 'lab-b' },
      ];
      return lab;
    },
    sure: 'proved',
    says: /lab-b/,
    fix: [`bridge fdb replace ${MAC.a} dev vetha master static sticky`],
    undo: [`bridge fdb del ${MAC.a} dev vetha master`],
  },
  {
    id: 'mac-conflict',
    when: 'the bridge itself has the same',
    lab: () =>
      lost('outside', 2, (lab) => {
        linkOf(lab, 'host/br0').mac = MAC.a;
      }),
    fix: [],
  },
  {
    id: 'neighbour-stale',
    when: 'the bridge has changed its address',
    lab: () => {
      const lab = lost('outside', 2);
      linkOf(lab, 'host/br0').mac = '02:00:00:00:00:99';
      return lab;
    },
    sure: 'proved',
    fix: ['nsenter --net=/run/netns/lab-a ip neigh del 10.88.0.1 dev eth0'],
    undo: [`nsenter --net=/run/netns/lab-a ip neigh replace 10.88.0.1 dev eth0 lladdr ${MAC.br0} nud stale`],
  },
  {
    id: 'neighbour-stale',
    when: 'the host sends to an address the container has not',
    lab: () => {
      const lab = addressed(lost('from-host', 3), '02:de:ad:00:00:02');
      lab.stacks.host.neighbours = [neighbour('10.88.0.2', 'br0', '02:de:ad:00:00:02', 'PERMANENT') as never];
      return lab;
    },
    sure: 'proved',
    fix: ['ip neigh del 10.88.0.2 dev br0'],
    undo: ['ip neigh replace 10.88.0.2 dev br0 lladdr 02:de:ad:00:00:02 nud permanent'],
  },
  {
    id: 'neighbour-stale',
    when: 'a fixed entry for the gateway beyond the uplink',
    lab: () => {
      const lab = silent(healthy());
      lab.stacks.host.neighbours = [neighbour('192.0.2.2', 'up0', '02:de:ad:00:00:01', 'PERMANENT') as never];
      lab.control = { asked: true, answered: false, outcomes: [], says: '' };
      return lab;
    },
    sure: 'supported',
    fix: ['ip neigh del 192.0.2.2 dev up0'],
  },
  {
    id: 'neighbour-unanswered',
    when: 'arp_ignore on the bridge',
    lab: () => {
      const lab = asking(healthy(), '10.88.0.1', ['container/eth0', 'host/vetha', 'host/br0']);
      lab.sysctls.host['net.ipv4.conf.br0.arp_ignore'] = '8';
      return lab;
    },
    sure: 'proved',
    says: /arp_ignore is 8/,
    fix: ['sysctl -w net.ipv4.conf.br0.arp_ignore=0'],
    undo: ['sysctl -w net.ipv4.conf.br0.arp_ignore=8'],
  },
  {
    id: 'neighbour-unanswered',
    when: 'an address on lo, and arp_ignore as load balancers set it',
    lab: () => {
      const lab = asking(onLoopback(), VIRTUAL, ['container/eth0', 'host/vetha', 'host/br0']);
      lab.sysctls.host['net.ipv4.conf.all.arp_ignore'] = '1';
      return lab;
    },
    sure: 'proved',
    says: /arp_ignore is 1: br0 does not answer for 10\.88\.0\.200, which is an address of lo/,
    fix: ['sysctl -w net.ipv4.conf.all.arp_ignore=0'],
    undo: ['sysctl -w net.ipv4.conf.all.arp_ignore=1'],
  },
  {
    id: 'neighbour-unanswered',
    when: 'arp_ignore on all interfaces of the container asked for',
    lab: () => {
      const lab = asking(healthy('from-host'), '10.88.0.2', ['host/br0', 'host/vetha', 'container/eth0']);
      lab.sysctls.container['net.ipv4.conf.all.arp_ignore'] = '8';
      return lab;
    },
    fix: ['nsenter --net=/run/netns/lab-a sysctl -w net.ipv4.conf.all.arp_ignore=0'],
  },
  {
    id: 'neighbour-unanswered',
    when: 'ARP is off on the bridge',
    lab: () => {
      const lab = asking(healthy(), '10.88.0.1', ['container/eth0', 'host/vetha', 'host/br0']);
      linkOf(lab, 'host/br0').noarp = true;
      return lab;
    },
    fix: ['ip link set dev br0 arp on'],
    undo: ['ip link set dev br0 arp off'],
  },
  {
    id: 'neighbour-unanswered',
    when: 'ARP is off in the container, which sends to itself',
    lab: () => {
      const lab = lostAt(healthy(), 2);
      const eth0 = linkOf(lab, 'container/eth0');
      eth0.noarp = true;
      for (const one of lab.sightings) one.destinationMac = eth0.mac;
      return dropped(lab, 'NOT_SPECIFIED', 'br_handle_frame_finish', 'vetha');
    },
    fix: ['nsenter --net=/run/netns/lab-a ip link set dev eth0 arp on'],
  },
  {
    id: 'neighbour-unanswered',
    when: 'the outside asks for an address behind this host',
    lab: () => {
      const lab = silent(healthy('outside', 6));
      for (const one of lab.sightings) one.source = '2001:db8::a2';
      lab.sightings.push(
        sighting('host/up0', 'neighbour', { says: 'who has 2001:db8::a2? tell 2001:db8::2' }) as never,
      );
      return lab;
    },
    sure: 'proved',
    fix: ['sysctl -w net.ipv6.conf.up0.proxy_ndp=1', 'ip -6 neigh add proxy 2001:db8::a2 dev up0'],
    undo: ['ip -6 neigh del proxy 2001:db8::a2 dev up0', 'sysctl -w net.ipv6.conf.up0.proxy_ndp=0'],
  },
  {
    id: 'neighbour-absent',
    when: 'nobody owns it',
    lab: () => {
      const lab = healthy('from-host');
      lab.flow.address = '10.88.0.66';
      lab.path.realDestination = '10.88.0.66';
      return asking(lab, '10.88.0.66', ['host/br0', 'host/vetha', 'container/eth0']);
    },
    sure: 'proved',
    says: /10\.88\.0\.66/,
  },
  {
    id: 'neighbour-table-full',
    when: 'the kernel says so',
    lab: () => {
      const lab = lost('outside', 3);
      for (const n of [1, 2, 3]) lab.sysctls.host[`net.ipv4.neigh.default.gc_thresh${n}`] = String(n * 100);
      return dropped(lab, 'NEIGH_CREATEFAIL', 'ip_finish_output2');
    },
    sure: 'proved',
    undo: [1, 2, 3].map((n) => `sysctl -w net.ipv4.neigh.default.gc_thresh${n}=${n * 100}`),
  },
  {
    id: 'address-conflict',
    when: 'another container has the address, and the frames go to it',
    lab: () => {
      const lab = addressed(lost('from-host', 1), MAC.b);
      lab.members = [
        { port: 'vethb', name: 'eth0', mac: MAC.b, addresses: ['10.88.0.2'], namespace: 'lab-b' },
      ];
      return lab;
    },
    sure: 'proved',
    says: /lab-b/,
    fix: [`ip neigh replace 10.88.0.2 dev br0 lladdr ${MAC.a} nud permanent`],
    undo: ['ip neigh del 10.88.0.2 dev br0'],
  },
  {
    id: 'address-conflict',
    when: 'duplicate address detection refused it, and a sibling has it',
    lab: () => {
      const lab = lostAt(healthy('outside', 6), 3);
      linkOf(lab, 'container/eth0').addresses = [
        address('fd00:88::2/64', ['tentative', 'dadfailed']) as never,
      ];
      lab.path.sourceAddress = 'fe80::42';
      lab.members = [
        { port: 'vethb', name: 'eth0', mac: MAC.b, addresses: ['fd00:88::2/64'], namespace: 'lab-b' },
      ];
      return lab;
    },
    sure: 'proved',
    says: /eth0 of lab-b .*Duplicate address detection refused it/,
    fix: [],
  },
  {
    id: 'address-conflict',
    when: "the host holds the container's address",
    lab: () => {
      const lab = lostAt(healthy(), 3, 'reply');
      linkOf(lab, 'host/lo').addresses.push(address('10.88.0.2/32') as never);
      return lab;
    },
    says: /lo of the host/,
    fix: [],
  },
  {
    id: 'ipv6-disabled',
    when: 'on the bridge',
    lab: () => {
      const lab = asking(healthy('outside', 6), 'fd00:88::1', ['container/eth0', 'host/vetha']);
      const br0 = linkOf(lab, 'host/br0');
      br0.addresses = br0.addresses.filter((one) => one.family === 4);
      lab.sysctls.host['net.ipv6.conf.br0.disable_ipv6'] = '1';
      return lab;
    },
    fix: ['sysctl -w net.ipv6.conf.br0.disable_ipv6=0', 'ip -6 addr add fd00:88::1/64 dev br0 nodad'],
    undo: ['sysctl -w net.ipv6.conf.br0.disable_ipv6=1'],
  },
  {
    id: 'ipv6-disabled',
    when: 'the bridge follows a port with an MTU too small for it',
    lab: () => {
      const lab = asking(healthy('outside', 6), 'fd00:88::1', ['container/eth0', 'host/vetha']);
      const br0 = linkOf(lab, 'host/br0');
      br0.addresses = br0.addresses.filter((one) => one.family === 4);
      br0.mtu = 1200;
      linkOf(lab, 'host/vethb').mtu = 1200;
      return lab;
    },
    says: /br0 of the host has no IPv6: its MTU 1200 is below 1280.*vethb has 1200/,
    fix: [
      'ip link set dev vethb mtu 1280',
      'ip link set dev br0 mtu 1280',
      'ip -6 addr add fd00:88::1/64 dev br0 nodad',
    ],
    undo: ['ip link set dev br0 mtu 1200', 'ip link set dev vethb mtu 1200'],
  },
  {
    id: 'ipv6-disabled',
    when: 'the uplink is too small for it, and the host has no route by IPv6',
    lab: () => {
      const lab = lostAt(healthy('outside', 6), 3);
      const up0 = linkOf(lab, 'host/up0');
      up0.addresses = up0.addresses.filter((one) => one.family === 4);
      up0.mtu = 1279;
      return lab;
    },
    says: /up0 of the host has no IPv6: its MTU 1279/,
    fix: ['ip link set dev up0 mtu 1280'],
  },
];

const decoys: Decoy[] = [
  {
    id: 'veth-host-end-down',
    when: 'the veth of another container',
    lab: () =>
      lost('outside', 3, (lab) => {
        linkOf(lab, 'host/vethb').up = false;
      }),
  },
  {
    id: 'veth-not-on-bridge',
    when: 'the host routes to the container by its veth',
    lab: () => {
      const lab = offBridge();
      lab.stacks.host.routes.push(route('10.88.0.2/32', { dev: 'vetha' }) as never);
      return lab;
    },
  },
  {
    id: 'veth-not-on-bridge',
    when: 'another veth has no bridge',
    lab: () =>
      lost('outside', 3, (lab) => {
        linkOf(lab, 'host/vethb').master = null;
      }),
  },
  {
    id: 'veth-on-wrong-bridge',
    when: 'both are on one bridge that has no address',
    lab: () => bareBridge(() => {}),
  },
  {
    id: 'veth-on-wrong-bridge',
    when: 'both bridges hold the subnet',
    lab: () =>
      lost('outside', 3, (lab) => {
        linkOf(lab, 'host/br1').addresses.push(address('10.88.0.1/16') as never);
      }),
  },
  {
    id: 'bridge-down',
    when: 'another bridge',
    lab: () =>
      lost('outside', 3, (lab) => {
        linkOf(lab, 'host/br1').up = false;
      }),
  },
  {
    id: 'bridge-address-missing',
    when: 'a flow inside the bridge',
    lab: () =>
      lost('sibling', 2, (lab) => {
        linkOf(lab, 'host/br0').addresses = [];
      }),
  },
  {
    id: 'bridge-address-missing',
    when: 'another bridge has none',
    lab: () =>
      lostAt(
        lost('outside', 3, (lab) => {
          linkOf(lab, 'host/br1').addresses = [];
        }),
        3,
        'reply',
      ),
  },
  {
    id: 'bridge-address-missing',
    when: 'the gateway is a router of its own',
    lab: () => {
      const lab = bridgeWithoutAddress();
      lab.stacks.container.neighbours = [neighbour('10.88.0.1', 'eth0', '02:99:00:00:00:01') as never];
      return lab;
    },
  },
  {
    id: 'bridge-port-not-forwarding',
    when: 'another port listens',
    lab: () => port(lost('outside', 2), 'host/vethb', { state: 'listening' }),
  },
  {
    id: 'bridge-port-isolated',
    when: 'one port alone is isolated',
    lab: () => port(lost('sibling', 2), 'host/vetha', { isolated: true }),
  },
  {
    id: 'bridge-port-isolated',
    when: 'a bridge that snoops, and neither queries nor was seen to have no port',
    lab: () => asking(healthy('sibling', 6), 'fd00:88::3', ['container/eth0', 'host/vetha']),
  },
  {
    id: 'bridge-port-isolated',
    when: 'isolated ports, under a flow to the outside',
    lab: () =>
      port(port(lost('outside', 2), 'host/vetha', { isolated: true }), 'host/vethb', { isolated: true }),
  },
  {
    id: 'bridge-vlan-mismatch',
    when: 'all in one VLAN',
    lab: () =>
      filteringVlans(lost('outside', 2), [
        ['vetha', 1],
        ['br0', 1],
      ]),
  },
  {
    id: 'bridge-vlan-mismatch',
    when: 'another port has no VLAN',
    lab: () =>
      filteringVlans(lost('outside', 2), [
        ['vetha', 1],
        ['br0', 1],
        ['vethb', 20],
      ]),
  },
  {
    id: 'bridge-fdb-wrong',
    when: 'an entry of another container',
    lab: () => {
      const lab = lost('outside', 2);
      lab.fdb = [
        { mac: MAC.b, dev: 'vetha', master: 'br0', flags: [], state: 'static', vlan: null, dst: null },
      ];
      return lab;
    },
  },
  {
    id: 'bridge-firewall-drop',
    when: 'a rule for another MAC address',
    lab: () => {
      const lab = dropped(lost('sibling', 2), 'NETFILTER_DROP', 'nft_do_chain');
      lab.firewall.host = [
        firewallRule({
          engine: 'ebtables',
          family: 'bridge',
          text: '-A FORWARD -s 02:42:0a:58:00:77 -j DROP',
        }) as never,
      ];
      return lab;
    },
  },
  { id: 'bridge-firewall-drop', when: 'a rule of iptables ends it', lab: () => hit(lost('sibling', 2), {}) },
  {
    id: 'mac-conflict',
    when: 'two others have one',
    lab: () => {
      const lab = lost('outside', 2);
      lab.members = ['vethb', 'vethd'].map((name) => ({
        port: name,
        name: 'eth0',
        mac: MAC.b,
        addresses: [],
        namespace: null,
      }));
      return lab;
    },
  },
  {
    id: 'neighbour-stale',
    when: 'a wrong entry for somebody else',
    lab: () => {
      const lab = lost('outside', 3);
      lab.stacks.container.neighbours.push(
        neighbour('10.88.0.3', 'eth0', '02:de:ad:00:00:03', 'PERMANENT') as never,
      );
      return lab;
    },
  },
  {
    id: 'neighbour-stale',
    when: 'the frames went to another neighbour, whose entry names it, by a route of that moment',
    lab: () => {
      const lab = lostAt(addressed(healthy(), MAC.b), 2);
      lab.stacks.container.neighbours.push(neighbour('10.88.0.3', 'eth0', MAC.b) as never);
      return lab;
    },
  },
  {
    id: 'neighbour-stale',
    when: 'the one interface of a router shows a frame that came in by it',
    lab: () => {
      const lab = lostAt(addressed(healthy(), MAC.a), 2);
      for (const one of lab.sightings)
        if (one.kind === 'request' && one.hop === 'host/vetha') one.destinationMac = MAC.br0;
      return lab;
    },
  },
  {
    id: 'neighbour-stale',
    when: 'the frames carry the address of a port of the bridge, which takes them as well',
    lab: () => addressed(lost('outside', 2), linkOf(lost('outside', 2), 'host/vetha').mac!),
  },
  {
    id: 'neighbour-stale',
    when: 'the reply is routed on with the right address',
    lab: () => lostAt(healthy(), 3, 'reply'),
  },
  {
    id: 'neighbour-stale',
    when: 'the host answers for a neighbour and passes its frames on, which arrive with the right address',
    lab: () => {
      const lab = lostAt(healthy('sibling'), 0, 'reply');
      for (const one of lab.sightings)
        if (one.kind === 'reply' && one.hop !== 'container/eth0') one.destinationMac = MAC.br0;
      return lab;
    },
  },
  {
    id: 'neighbour-stale',
    when: 'a copy for another card of this host, which took it beside the path',
    lab: () => {
      const lab = lostAt(healthy(), 3, 'reply');
      for (const one of lab.sightings) if (one.kind === 'reply') one.destinationMac = '02:00:00:00:00:99';
      lab.place = {
        ...lab.place!,
        beside: { ...lab.sightings[0]!, hop: 'host/up1', where: 'host', device: 'up1', heading: 'in' },
      } as never;
      return lab;
    },
  },
  {
    id: 'neighbour-unanswered',
    when: 'arp_ignore 1 on the bridge that has the address itself, whose question was lost on its way',
    lab: () => {
      const lab = asking(healthy('to-host'), '10.88.0.1', ['container/eth0', 'host/vetha']);
      lab.sysctls.host['net.ipv4.conf.all.arp_ignore'] = '1';
      return lab;
    },
  },
  {
    id: 'destination-is-local',
    when: 'nobody answers for the address on its link, and so nothing comes that the host could answer',
    lab: () => asking(onLoopback(), VIRTUAL, ['container/eth0', 'host/vetha', 'host/br0']),
  },
  {
    id: 'neighbour-unanswered',
    when: 'arp_ignore on another bridge',
    lab: () => {
      const lab = lost('outside', 3);
      lab.sysctls.host['net.ipv4.conf.br1.arp_ignore'] = '8';
      return lab;
    },
  },
  {
    id: 'neighbour-absent',
    when: 'its owner is there',
    lab: () => asking(healthy('sibling'), '10.88.0.3', ['container/eth0', 'host/vetha', 'host/vethb']),
  },
  {
    id: 'neighbour-absent',
    when: 'somebody on the bridge has it, whom the path does not know',
    lab: () => {
      const lab = healthy('from-host');
      lab.flow.address = '10.88.0.66';
      lab.path.realDestination = '10.88.0.66';
      lab.members = [{ port: 'vethz', name: 'eth0', mac: null, addresses: ['10.88.0.66'], namespace: null }];
      return asking(lab, '10.88.0.66', ['host/br0']);
    },
  },
  {
    id: 'neighbour-table-full',
    when: 'there is room',
    lab: () => {
      const lab = lost('outside', 3);
      lab.sysctls.host['net.ipv4.neigh.default.gc_thresh3'] = '1024';
      return lab;
    },
  },
  {
    id: 'address-conflict',
    when: 'somebody of another flow',
    lab: () => {
      const lab = lost('outside', 3);
      lab.members = [
        { port: 'vethb', name: 'eth0', mac: MAC.b, addresses: ['10.88.0.3'], namespace: null },
        { port: 'vethd', name: 'eth0', mac: null, addresses: ['10.88.0.3'], namespace: null },
      ];
      return lab;
    },
  },
  {
    id: 'ipv6-disabled',
    when: 'under a flow by IPv4',
    lab: () => {
      const lab = lost('outside', 0);
      lab.sysctls.container['net.ipv6.conf.eth0.disable_ipv6'] = '1';
      return lab;
    },
  },
  {
    id: 'ipv6-disabled',
    when: 'with an MTU of 1280, and no address for another reason',
    lab: () => {
      const lab = lostAt(healthy('outside', 6), 3);
      const up0 = linkOf(lab, 'host/up0');
      up0.addresses = [];
      up0.mtu = 1280;
      return lab;
    },
  },
  {
    id: 'ipv6-disabled',
    when: 'on a port of the bridge, which needs no address',
    lab: () => {
      const lab = lostAt(healthy('outside', 6), 3);
      lab.sysctls.host['net.ipv6.conf.vetha.disable_ipv6'] = '1';
      return lab;
    },
  },
];

describeCauses(rows, decoys, [
  'mac-conflict',
  'address-conflict',
  'neighbour-table-full',
  'bridge-firewall-drop',
]);
