/** Causes inside the container's own namespace. */

import { sighting } from '../examples/sighting.ts';
import type { Decoy, Row } from './examine.ts';
import { address, containerStack, link, neighbour, route, rule } from './lab-state.ts';
import { iptables } from './rules-of.ts';
import {
  blind,
  dropped,
  firewallRule,
  healthy,
  hit,
  type Lab,
  linkOf,
  lostAt,
  refusedToSend,
  silent,
} from './scene.ts';
import { describeCauses } from './table.ts';

const A = 'nsenter --net=/run/netns/lab-a';

/** The host has the bridge's address by a /30, of which the container's 10.88.0.3 is the broadcast address. */
function everybody(type: string, direction: 'request' | 'reply' = 'reply'): Lab {
  const lab = healthy();
  const [own] = linkOf(lab, 'container/eth0').addresses;
  Object.assign(own!, { address: '10.88.0.3' });
  lab.path.sourceAddress = '10.88.0.3';
  linkOf(lab, 'host/br0').addresses = [address('10.88.0.1/30') as never];
  lab.stacks.host.routes.push(route('10.88.0.3/32', { type, dev: 'br0', table: 'local' }) as never);
  return dropped(lostAt(lab, 3, direction), 'NO_SOCKET', 'tcp_v4_rcv');
}

/** The container's kernel refuses: no route of this family is left. */
function unreachable(lab: Lab, keep: (destination: string) => boolean = () => false): Lab {
  const { family } = lab.flow;
  lab.stacks.container.routes = lab.stacks.container.routes.filter(
    (one) => one.family !== family || keep(one.destination),
  );
  return refusedToSend(lab, 'ENETUNREACH', 'Network is unreachable');
}

/** A client of DHCP that has no answer, the host's rules for what comes in, and their policy. */
function asking(rules: string, verdict: 'accept' | 'drop'): Lab {
  const lab = withoutAddress(healthy());
  lab.leaseClient = { pid: 42, name: 'udhcpc' };
  const policy = firewallRule({
    engine: 'iptables-nft',
    chain: 'INPUT',
    number: null,
    text: `-P INPUT`,
    verdict,
  });
  lab.firewall.host = [...iptables(`*filter\n${rules}`), policy];
  return lab;
}

const withoutAddress = (lab: Lab): Lab => {
  const eth0 = linkOf(lab, 'container/eth0');
  eth0.addresses = eth0.addresses.filter((one) => one.family !== lab.flow.family);
  lab.path.sourceAddress = null;
  return unreachable(lab);
};

function interfaceDown(): Lab {
  const lab = unreachable(healthy());
  linkOf(lab, 'container/eth0').up = false;
  return lab;
}

function loopbackDown(): Lab {
  const lab = healthy();
  linkOf(lab, 'container/lo').up = false;
  lab.flow.address = '127.0.0.1';
  return lostAt(lab, 0);
}

function noInterface(mode: string | null = null): Lab {
  const lab = unreachable(healthy());
  lab.stacks.container.links = lab.stacks.container.links.filter((one) => one.kind === 'loopback');
  lab.path.hops = [];
  lab.path.stages = ['beyond'];
  lab.target.mode = mode;
  lab.place = { direction: 'request', stage: 'beyond', index: 0, after: null, before: null };
  return lab;
}

/** The gateway that eth0 names, without an answer to its question. */
function gateway(lab: Lab, to: string): Lab {
  const found = lab.stacks.container.routes.find((one) => one.destination === '0.0.0.0/0');
  if (found) found.gateway = to;
  lab.path.sourceRoute.gateway = to;
  lab.stacks.container.neighbours.push(neighbour(to, 'eth0', null, 'INCOMPLETE') as never);
  lostAt(lab, 0);
  for (const hop of ['container/eth0', 'host/vetha', 'host/br0'])
    lab.sightings.push(
      sighting(hop, 'neighbour', { probe: -1, says: `who has ${to}? tell 10.88.0.2` }) as never,
    );
  return lab;
}

/** A second network, by which the answer to the outside would leave; `gateway`: whom the route there names, and how it was found. */
function secondNetwork(gateway = '10.89.0.1', state?: string): Lab {
  const lab = healthy('from-outside');
  const { container } = lab.stacks;
  container.links.push(
    link(3, 'eth1', 'veth', { link: 44, nsid: 0, addresses: [address('10.89.0.9/24')] }) as never,
  );
  container.routes = container.routes.filter((one) => one.destination !== '0.0.0.0/0');
  container.routes.push(route('0.0.0.0/0', { gateway, dev: 'eth1', protocol: 'boot' }) as never);
  if (state) container.neighbours.push(neighbour(gateway, 'eth1', null, state) as never);
  lab.stacks.host.links.push(link(44, 'w1', 'veth', { master: 'br1', link: 3 }) as never);
  return lostAt(lab, 4);
}

function slash32(): Lab {
  const lab = unreachable(healthy());
  linkOf(lab, 'container/eth0').addresses = [address('10.88.0.2/32') as never];
  return lab;
}

/** A routed address beside the private one, which left by the uplink and brought nothing back. */
function besideRouted(flags: string[], routed = '2001:db8:a::2/64'): Lab {
  const lab = silent(healthy('outside', 6));
  for (const one of lab.sightings) if (one.hop === 'host/up0') one.source = 'fd00:88::2';
  linkOf(lab, 'container/eth0').addresses.push(address(routed, flags) as never);
  return lab;
}

function tooWide(): Lab {
  const lab = healthy('network');
  const eth0 = linkOf(lab, 'container/eth0');
  eth0.addresses = [address('10.88.0.2/8') as never];
  lab.stacks.container.routes = [route('10.0.0.0/8', { dev: 'eth0', scope: 'link' }) as never];
  lab.path.sourceRoute.gateway = null;
  lab.stacks.container.neighbours = [neighbour('10.89.0.2', 'eth0', null, 'FAILED') as never];
  return lostAt(lab, 0);
}

/** The kernel refuses to send what a rule for user 1000 leads to a table that refuses; the probes are of `uid`. */
function refusedToUser(uid: number): Lab {
  const lab = healthy();
  Object.assign(lab.path, { uid });
  lab.stacks.container.rules.push(rule(5, 'from all uidrange 1000-1000 lookup 99') as never);
  lab.stacks.container.routes.push(route('0.0.0.0/0', { type: 'unreachable', table: '99' }) as never);
  return refusedToSend(lab, 'EHOSTUNREACH');
}

/** A rule for user 1000 leads to a table whose gateway nobody is; the probes are of `uid`. */
function gatewayOfUser(uid: number): Lab {
  const lab = gateway(healthy(), '10.88.0.254');
  Object.assign(lab.path, { uid });
  const main = lab.stacks.container.routes.find((one) => one.destination === '0.0.0.0/0')!;
  lab.stacks.container.rules.push(rule(5, 'from all uidrange 1000-1000 lookup 99', { table: '99' }) as never);
  lab.stacks.container.routes.push({ ...main, table: '99' } as never);
  main.gateway = '10.88.0.1';
  return lab;
}

function rejecting(type: string): Lab {
  const lab = healthy();
  lab.stacks.container.routes.push(route('198.51.100.0/24', { type, protocol: 'boot' }) as never);
  return refusedToSend(lab, 'EINVAL', 'Invalid argument');
}

function egressProgram(): Lab {
  const lab = lostAt(healthy(), 0);
  lab.cgroup = [
    {
      id: 7,
      attach: 'cgroup_inet_egress',
      name: 'sd_fw_egress',
      cgroup: '/sys/fs/cgroup/system.slice/web.service',
    },
  ];
  return dropped(lab, 'BPF_CGROUP_EGRESS', 'ip_finish_output');
}

function mayNotPing(): Lab {
  const lab = refusedToSend(healthy(), 'EACCES');
  Object.assign(lab.process, {
    capabilities: ['cap_chown'],
    seccomp: 2,
    pingGroupRange: '1\t0',
    mayPing: false,
  });
  return lab;
}

const rows: Row[] = [
  {
    id: 'container-interface-down',
    when: 'eth0 is down, and its routes are gone',
    lab: interfaceDown,
    sure: 'proved',
    fix: [`${A} ip link set dev eth0 up`, `${A} ip route add default via 10.88.0.1 dev eth0`],
    undo: [`${A} ip link set dev eth0 down`],
  },
  {
    id: 'container-interface-down',
    when: 'the host asks for a container whose eth0 is down',
    lab: () => {
      const lab = lostAt(healthy('from-host'), 0);
      linkOf(lab, 'container/eth0').up = false;
      return lab;
    },
    sure: 'supported',
  },
  {
    id: 'container-loopback-down',
    when: 'the container asks itself',
    lab: loopbackDown,
    fix: [`${A} ip link set dev lo up`],
    undo: [`${A} ip link set dev lo down`],
  },
  {
    id: 'container-no-interface',
    when: 'nothing but lo is there',
    lab: noInterface,
    sure: 'proved',
    says: /no interface but lo/,
  },
  { id: 'container-no-interface', when: 'network none', lab: () => noInterface('none'), says: /on purpose/ },
  {
    id: 'container-no-address',
    when: 'no IPv4, and the host remembers the address',
    lab: () => withoutAddress(healthy()),
    sure: 'proved',
    fix: [`${A} ip addr add 10.88.0.2/24 dev eth0`, `${A} ip route add default via 10.88.0.1 dev eth0`],
    undo: [`${A} ip addr del 10.88.0.2/24 dev eth0`],
  },
  {
    id: 'container-no-address',
    when: 'an MTU on which IPv4 does not run',
    lab: () => {
      const lab = withoutAddress(healthy());
      linkOf(lab, 'container/eth0').mtu = 60;
      return lab;
    },
    says: /its MTU 60 is below 68/,
    fix: [
      `${A} ip link set dev eth0 mtu 68`,
      `${A} ip addr add 10.88.0.2/24 dev eth0`,
      `${A} ip route add default via 10.88.0.1 dev eth0`,
    ],
  },
  {
    id: 'container-no-address',
    when: 'a DHCP client asks, and a policy keeps it from the server',
    lab: () => asking('-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT', 'drop'),
    says: /udhcpc \(process 42\) asks there for one by DHCP.*nothing that comes by br0 for UDP port 67, by the policy of chain INPUT/,
  },
  {
    id: 'container-no-address',
    when: 'a DHCP client asks, and a rule keeps it from the server',
    lab: () => asking('-A INPUT -i br0 -p udp --dport 67 -j DROP', 'accept'),
    says: /by rule 1 of chain INPUT/,
  },
  {
    id: 'container-no-address',
    when: 'a DHCP client asks, and the host lets that in',
    lab: () => asking('-A INPUT -i br0 -p udp --dport 67 -j ACCEPT', 'drop'),
    says: /asks there for one by DHCP, and has got none\.$/,
  },
  {
    id: 'container-no-address',
    when: 'a DHCP client asks, and a chain lets that go on before the rule that ends the others',
    lab: () =>
      asking('-A INPUT -j OTHERS\n-A OTHERS -p udp --dport 67 -j RETURN\n-A OTHERS -j DROP', 'accept'),
    says: /asks there for one by DHCP, and has got none\.$/,
  },
  {
    id: 'container-no-address',
    when: 'a DHCP client asks, and nobody can say what becomes of that',
    lab: () => asking('-A INPUT -i br0 -m owner --uid-owner 7 -j DROP', 'drop'),
    says: /asks there for one by DHCP, and has got none\.$/,
  },
  {
    id: 'container-no-address',
    when: 'no IPv6',
    lab: () => withoutAddress(healthy('outside', 6)),
    says: /no IPv6 address/,
  },
  {
    id: 'container-no-address',
    when: 'the link-local address sends, and a router refuses it',
    lab: () => {
      const lab = withoutAddress(healthy('outside', 6));
      lostAt(lab, 3);
      lab.path.sourceRoute = { ...lab.path.sourceRoute, refusal: null, dev: 'eth0', type: 'unicast' };
      lab.path.sourceAddress = 'fe80::42';
      return dropped(lab, 'IP_INADDRERRORS', 'ip6_forward');
    },
    sure: 'proved',
    says: /but the link-local one/,
  },
  {
    id: 'container-no-address',
    when: 'nobody remembers the address, so none is invented',
    lab: () => {
      const lab = withoutAddress(healthy());
      lab.stacks.host.neighbours = [];
      return lab;
    },
    fix: [],
  },
  {
    id: 'container-address-invalid',
    when: 'a /32 without a route to the gateway',
    lab: slash32,
    sure: 'proved',
    says: /10\.88\.0\.2\/32/,
    fix: [
      `${A} ip addr add 10.88.0.2/24 dev eth0`,
      `${A} ip addr del 10.88.0.2/32 dev eth0`,
      `${A} ip route add default via 10.88.0.1 dev eth0`,
    ],
  },
  {
    id: 'container-address-invalid',
    when: 'a /8 takes the other network for a neighbour',
    lab: tooWide,
    says: /too wide/,
  },
  {
    id: 'container-address-invalid',
    when: 'the address is the broadcast address of the bridge, and the host takes the answers in',
    lab: () => everybody('broadcast'),
    says: /10\.88\.0\.3 is the broadcast address of br0, which holds 10\.88\.0\.1\/30/,
    fix: [],
  },
  {
    id: 'container-address-invalid',
    when: 'the IPv6 address is a duplicate',
    lab: () => {
      const lab = healthy('outside', 6);
      linkOf(lab, 'container/eth0').addresses = [address('fd00:88::2/64', ['dadfailed']) as never];
      return lostAt(lab, 0);
    },
    says: /dadfailed/,
  },
  {
    id: 'container-address-invalid',
    when: 'the kernel calls a refused address tentative too',
    lab: () => {
      const lab = healthy('outside', 6);
      linkOf(lab, 'container/eth0').addresses = [
        address('fd00:88::2/64', ['tentative', 'dadfailed']) as never,
      ];
      return lostAt(lab, 0);
    },
    says: /^(?!.*(still tentative|nobody answers)).*dadfailed/,
  },
  {
    id: 'container-address-invalid',
    when: 'the better source is deprecated',
    lab: () => besideRouted(['deprecated']),
    says: /2001:db8:a::2 is deprecated, so that fd00:88::2 is the source/,
    fix: [`${A} ip -6 addr change 2001:db8:a::2/64 dev eth0 preferred_lft forever`],
    undo: [`${A} ip -6 addr change 2001:db8:a::2/64 dev eth0 preferred_lft 0`],
  },
  {
    id: 'container-address-invalid',
    when: 'the better source came by an advertisement and its time is over',
    lab: () => besideRouted(['deprecated', 'dynamic']),
    says: /2001:db8:a::2 is deprecated/,
    fix: [],
  },
  {
    id: 'container-address-invalid',
    when: 'the route names the worse source',
    lab: () => {
      const lab = besideRouted([]);
      for (const one of lab.stacks.container.routes)
        if (one.destination === '::/0') one.source = 'fd00:88::2';
      return lab;
    },
    says: /names src fd00:88::2, so that 2001:db8:a::2 is not the source/,
  },
  {
    id: 'container-no-route',
    when: 'the default route is gone',
    lab: () => unreachable(healthy(), (destination) => destination === '10.88.0.0/24'),
    sure: 'proved',
    fix: [`${A} ip route add default via 10.88.0.1 dev eth0`],
    undo: [`${A} ip route del default via 10.88.0.1 dev eth0`],
  },
  {
    id: 'container-no-route',
    when: 'the IPv6 default route is gone',
    lab: () => unreachable(healthy('outside', 6), (destination) => destination === 'fd00:88::/64'),
    fix: [`${A} ip -6 route add default via fd00:88::1 dev eth0`],
  },
  {
    id: 'container-no-route',
    when: 'the IPv6 default route is for other sources',
    lab: () => {
      const lab = unreachable(healthy('outside', 6), () => true);
      for (const one of lab.stacks.container.routes)
        if (one.destination === '::/0') one.from = 'fd00:99::/64';
      return lab;
    },
    says: /its default route is for sources in fd00:99::\/64 only.*is not for fd00:88::2.*refuses to send/,
    fix: [`${A} ip -6 route add default via fd00:88::1 dev eth0`],
  },
  {
    id: 'container-no-route',
    when: 'the answer has a route for other sources',
    lab: () => {
      const lab = healthy('from-outside', 6);
      lab.path.realDestination = 'fd00:88::2';
      for (const one of lab.stacks.container.routes)
        if (one.destination === '::/0') one.from = 'fd00:99::/64';
      return lostAt(lab, 4);
    },
    says: /2001:db8::2 for packets from fd00:88::2: .*answer cannot leave/,
  },
  {
    id: 'container-no-route',
    when: 'the answer to the outside has no route',
    lab: () => {
      const lab = healthy('from-outside');
      lab.stacks.container.routes = lab.stacks.container.routes.filter(
        (one) => one.destination !== '0.0.0.0/0',
      );
      return lostAt(lab, 4);
    },
    sure: 'supported',
    says: /answer cannot leave/,
  },
  {
    id: 'container-wrong-gateway',
    when: 'nobody owns the gateway',
    lab: () => gateway(healthy(), '10.88.0.254'),
    sure: 'proved',
    fix: [`${A} ip route replace default via 10.88.0.1 dev eth0`],
    undo: [`${A} ip route replace default via 10.88.0.254 dev eth0`],
  },
  {
    id: 'container-wrong-gateway',
    when: 'the table for the packets of a user names one whom nobody is',
    lab: () => gatewayOfUser(1000),
    sure: 'proved',
    says: /rule 5 \(from all uidrange 1000-1000 lookup 99\) leads packets of user 1000 to table 99\. The default route of table 99 names 10\.88\.0\.254/i,
    fix: [`${A} ip route replace default via 10.88.0.1 dev eth0 table 99`],
    undo: [`${A} ip route replace default via 10.88.0.254 dev eth0 table 99`],
  },
  {
    id: 'container-wrong-gateway',
    when: 'a neighbour is named as gateway, and the bridge shows frames for it',
    lab: () => {
      const lab = gateway(healthy(), '10.88.0.3');
      lab.stacks.container.neighbours = [neighbour('10.88.0.3', 'eth0', '02:42:0a:58:00:b3') as never];
      const frames = ['container/eth0', 'host/vetha', 'host/br0'].map((hop) =>
        sighting(hop, 'request', { destinationMac: '02:42:0a:58:00:b3' }),
      );
      lostAt(lab, 3);
      lab.sightings = frames as never;
      lab.stacks.other = containerStack('b') as never;
      return lab;
    },
  },
  {
    id: 'container-wrong-gateway',
    when: 'the answer would leave by another network, where nobody is the gateway',
    lab: () => secondNetwork('10.89.0.77', 'FAILED'),
    says: /eth1 to 10\.89\.0\.77, and nobody there owns/,
    fix: [`${A} ip route replace default via 10.89.0.1 dev eth1`],
  },
  {
    id: 'container-route-rejects',
    when: 'a blackhole route',
    lab: () => rejecting('blackhole'),
    sure: 'proved',
    fix: [`${A} ip route del blackhole 198.51.100.0/24`],
    undo: [`${A} ip route add blackhole 198.51.100.0/24`],
  },
  {
    id: 'container-route-rejects',
    when: 'a rule that prohibits',
    lab: () => {
      const lab = healthy();
      lab.stacks.container.rules.push(
        rule(100, 'from all to 198.51.100.1 prohibit', { action: 'prohibit' }) as never,
      );
      return refusedToSend(lab, 'EACCES', 'Permission denied');
    },
    sure: 'proved',
    fix: [`${A} ip rule del pref 100 from all to 198.51.100.1 prohibit`],
  },
  {
    id: 'container-route-rejects',
    when: 'a rule for its protocol leads to a table that refuses',
    lab: () => {
      const lab = healthy();
      lab.flow.proto = 'tcp';
      lab.flow.port = 80;
      lab.stacks.container.rules.push(rule(5, 'from all ipproto tcp lookup 99') as never);
      lab.stacks.container.routes.push(route('0.0.0.0/0', { type: 'unreachable', table: '99' }) as never);
      return refusedToSend(lab, 'EHOSTUNREACH');
    },
    sure: 'proved',
  },
  {
    id: 'container-route-rejects',
    when: 'a rule for the user of its programs leads to a table that refuses',
    lab: () => refusedToUser(1000),
    sure: 'proved',
    says: /rule 5 \(from all uidrange 1000-1000 lookup 99\) leads packets of user 1000 to table 99/i,
  },
  {
    id: 'container-firewall-drop',
    when: 'a policy of its OUTPUT',
    lab: () =>
      hit(
        lostAt(healthy(), 0),
        { chain: 'OUTPUT', hook: 'output', number: null },
        'policy drop',
        'container',
      ),
    sure: 'proved',
    fix: [`${A} iptables -t filter -P OUTPUT ACCEPT`],
    undo: [`${A} iptables -t filter -P OUTPUT DROP`],
  },
  {
    id: 'container-firewall-drop',
    when: 'a rule of an nft table of its own drops what arrives',
    lab: () =>
      hit(
        lostAt(healthy('from-host'), 3),
        {
          engine: 'nft',
          family: 'inet',
          table: 'guard',
          chain: 'in',
          hook: 'input',
          number: 2,
          handle: 5,
          text: 'tcp dport 80 drop',
        },
        'drop',
        'container',
      ),
    fix: [`${A} nft delete rule inet guard in handle 5`],
  },
  {
    id: 'container-firewall-drop',
    when: 'nothing traced it, and nothing left the container',
    lab: () => dropped(lostAt(healthy(), 0), 'NETFILTER_DROP', 'nft_do_chain'),
    sure: 'proved',
  },
  {
    id: 'container-cgroup-drop',
    when: 'an egress program says no',
    lab: egressProgram,
    sure: 'proved',
    says: /web\.service/,
    fix: [
      'bpftool prog pin id 7 /sys/fs/bpf/netdoctor-7',
      'bpftool cgroup detach /sys/fs/cgroup/system.slice/web.service egress pinned /sys/fs/bpf/netdoctor-7',
    ],
  },
  {
    id: 'container-permission',
    when: 'no NET_RAW, and nobody may open a ping socket',
    lab: mayNotPing,
    sure: 'proved',
    fix: [`${A} sysctl -w net.ipv4.ping_group_range=0 2147483647`],
    undo: [`${A} sysctl -w net.ipv4.ping_group_range=1 0`],
  },
];

const decoys: Decoy[] = [
  {
    id: 'container-address-invalid',
    when: 'the host has the address of the container for no broadcast address',
    lab: () => everybody('unicast'),
  },
  {
    id: 'container-address-invalid',
    when: 'the request is lost, which the host sends on whatever its answer would meet',
    lab: () => everybody('broadcast', 'request'),
  },
  {
    id: 'container-address-invalid',
    when: 'a rule ended the answer for a broadcast address',
    lab: () => {
      const lab = everybody('broadcast');
      lab.drops = { known: true, value: [], source: [] };
      return dropped(lab, 'NETFILTER_DROP', 'nft_do_chain');
    },
  },
  {
    id: 'container-interface-down',
    when: 'a second interface that is down, beside a lost default route',
    lab: () => {
      const lab = unreachable(healthy(), (destination) => destination === '10.88.0.0/24');
      lab.stacks.container.links.push(link(3, 'eth1', 'veth', { up: false }) as never);
      return lab;
    },
  },
  {
    id: 'container-loopback-down',
    when: 'lo is down, and the flow leaves',
    lab: () => {
      const lab = lostAt(healthy(), 3);
      linkOf(lab, 'container/lo').up = false;
      return lab;
    },
  },
  { id: 'container-no-interface', when: 'eth0 is there', lab: () => unreachable(healthy()) },
  {
    id: 'container-no-address',
    when: 'only the other family has none',
    lab: () => {
      const lab = unreachable(healthy());
      const eth0 = linkOf(lab, 'container/eth0');
      eth0.addresses = eth0.addresses.filter((one) => one.family === 4);
      return lab;
    },
  },
  {
    id: 'container-address-invalid',
    when: 'a deprecated address that fits no better',
    lab: () => besideRouted(['deprecated'], 'fd00:99::2/64'),
  },
  {
    id: 'container-address-invalid',
    when: 'a routed address that is not taken, and nothing tells why',
    lab: () => besideRouted([]),
  },
  {
    id: 'container-address-invalid',
    when: 'a second /32 that nothing uses',
    lab: () => {
      const lab = lostAt(healthy(), 3);
      linkOf(lab, 'container/eth0').addresses.push(address('10.88.0.77/32') as never);
      return lab;
    },
  },
  {
    id: 'container-no-route',
    when: 'no default route, under a flow to the same network',
    lab: () => {
      const lab = healthy('sibling');
      lab.stacks.container.routes = lab.stacks.container.routes.filter((one) => one.gateway === null);
      return lostAt(lab, 2);
    },
  },
  {
    id: 'container-wrong-gateway',
    when: 'a gateway nobody has, under a flow to the same network',
    lab: () => {
      const lab = healthy('sibling');
      lab.stacks.container.routes[0]!.gateway = '10.88.0.254';
      return lostAt(lab, 2);
    },
  },
  {
    id: 'container-wrong-gateway',
    when: 'the bridge has lost its address',
    lab: () => {
      const lab = gateway(healthy(), '10.88.0.1');
      linkOf(lab, 'host/br0').addresses = [];
      return lab;
    },
  },
  {
    id: 'container-wrong-gateway',
    when: 'the answer would leave by another network, and strict filtering refused the request itself',
    lab: () => {
      const lab = secondNetwork('10.89.0.77', 'FAILED');
      lab.sysctls.container['net.ipv4.conf.all.rp_filter'] = '1';
      return lab;
    },
  },
  {
    id: 'container-wrong-gateway',
    when: 'the answer leaves by the host’s own address on another of its networks, which does not answer',
    lab: () => secondNetwork('10.89.0.1', 'FAILED'),
  },
  {
    id: 'container-wrong-gateway',
    when: 'the answer leaves by a gateway of another of its networks, which is there',
    lab: () => secondNetwork('10.89.0.3'),
  },
  {
    id: 'container-wrong-gateway',
    when: 'a neighbour is named as gateway, and nobody could look into it',
    lab: () => {
      const lab = gateway(healthy(), '10.88.0.3');
      lab.stacks.container.neighbours = [neighbour('10.88.0.3', 'eth0', '02:42:0a:58:00:b3') as never];
      return lostAt(lab, 2);
    },
  },
  {
    id: 'container-wrong-gateway',
    when: 'the host sends by the same one, over the same bridge',
    lab: () => {
      const lab = gateway(healthy(), '10.88.0.254');
      const way = lab.stacks.host.routes.find(({ destination }) => destination === '0.0.0.0/0')!;
      Object.assign(way, { gateway: '10.88.0.254', dev: 'br0' });
      return lab;
    },
  },
  { id: 'container-wrong-gateway', when: 'the way beyond the host is cut', lab: () => silent(healthy()) },
  {
    id: 'container-route-rejects',
    when: 'a rule for another user does',
    lab: () => refusedToUser(2000),
  },
  {
    id: 'container-route-rejects',
    when: 'another prefix is rejected',
    lab: () => {
      const lab = lostAt(healthy(), 0);
      lab.stacks.container.routes.push(route('203.0.113.0/24', { type: 'blackhole' }) as never);
      return lab;
    },
  },
  {
    id: 'container-route-rejects',
    when: 'the null entry of an IPv6 table',
    lab: () => {
      const lab = unreachable(healthy('outside', 6));
      lab.stacks.container.routes.push(
        route('::/0', { type: 'unreachable', dev: 'lo', metric: 4294967295 }) as never,
      );
      return lab;
    },
  },
  {
    id: 'container-firewall-drop',
    when: "the host's rule ends it",
    lab: () => hit(lostAt(healthy(), 3), {}),
  },
  {
    id: 'container-firewall-drop',
    when: 'the drop is on the host',
    lab: () => dropped(lostAt(healthy(), 3), 'NETFILTER_DROP', 'nft_do_chain'),
  },
  {
    id: 'container-firewall-drop',
    when: "nothing left a container that is on the host's network",
    lab: () => {
      const lab = dropped(lostAt(healthy(), 0), 'NETFILTER_DROP', 'nft_do_chain');
      return { ...lab, target: { ...lab.target, hostNetwork: true } };
    },
  },
  {
    id: 'container-firewall-drop',
    when: 'what was dropped is the question for the next hop',
    lab: () => dropped(gateway(healthy(), '10.88.0.254'), 'NETFILTER_DROP', 'nft_do_chain'),
  },
  {
    id: 'container-cgroup-drop',
    when: 'a program that allows, under another loss',
    lab: () => {
      const lab = egressProgram();
      lostAt(lab, 3);
      return dropped(lab, 'IP_INADDRERRORS', 'ip_error');
    },
  },
  {
    id: 'container-cgroup-drop',
    when: 'a program for devices',
    lab: () => {
      const lab = refusedToSend(healthy(), 'EPERM');
      lab.cgroup = [{ id: 3, attach: 'cgroup_device', name: 'sd_devices', cgroup: '/sys/fs/cgroup/x' }];
      return lab;
    },
  },
  {
    id: 'container-permission',
    when: 'a prohibit route refuses',
    lab: () => {
      const lab = mayNotPing();
      lab.path.sourceRoute.refusal = 'Permission denied';
      return lab;
    },
  },
  {
    id: 'container-permission',
    when: 'the packet left',
    lab: () => {
      const lab = lostAt(healthy(), 3);
      lab.process.capabilities = [];
      return blind(lab);
    },
  },
];

describeCauses(rows, decoys, ['container-no-interface', 'container-firewall-drop', 'container-cgroup-drop']);
