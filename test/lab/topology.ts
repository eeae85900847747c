// The network that every scenario starts from, as `ip -batch` lines for each namespace:
//
//   A 10.88.0.2 ─ vetha ─┐                                    LAN
//   B 10.88.0.3 ─ vethb ─┴ br0 10.88.0.1 ┐
//                                        ├ host ─ up0 192.0.2.1 ── 192.0.2.2, 198.51.100.1, 198.51.100.53
//   C 10.89.0.2 ─ vethc ── br1 10.89.0.1 ┘
import type { Place } from './names.ts';

type Lines = readonly string[];
type Names = Readonly<Record<Place, string>>;

const mac = { A: '02:42:0a:58:00:a2', B: '02:42:0a:58:00:b3', C: '02:42:0a:58:00:c2' };

/** The host's links, their far ends placed in the other namespaces, and its addresses and routes. */
export function hostLines(names: Names, ipv6: boolean, bare: boolean): Lines {
  return [
    'link set lo up',
    ...(bare ? [] : networkLines(names, ipv6)),
    `link add up0 type veth peer name eth0 netns ${names.LAN}`,
    'link set up0 up',
    'addr add 192.0.2.1/24 dev up0',
    'route add default via 192.0.2.2',
    ...(ipv6 ? ['addr add 2001:db8::1/64 dev up0 nodad', 'route add default via 2001:db8::2'] : []),
  ];
}

function networkLines(names: Names, ipv6: boolean): Lines {
  return [
    'link add br0 address 02:00:00:00:00:88 type bridge',
    'link add br1 address 02:00:00:00:00:89 type bridge',
    'link set br0 up',
    'link set br1 up',
    'addr add 10.88.0.1/24 dev br0',
    'addr add 10.89.0.1/24 dev br1',
    ...(ipv6 ? ['addr add fd00:88::1/64 dev br0 nodad'] : []),
    `link add vetha type veth peer name eth0 address ${mac.A} netns ${names.A}`,
    `link add vethb type veth peer name eth0 address ${mac.B} netns ${names.B}`,
    `link add vethc type veth peer name eth0 address ${mac.C} netns ${names.C}`,
    'link set vetha master br0 up',
    'link set vethb master br0 up',
    'link set vethc master br1 up',
  ];
}

/** What a namespace other than the host's needs once its eth0 has arrived. */
export function guestLines(place: Exclude<Place, 'host'>, ipv6: boolean): Lines {
  return [...guests[place], ...(ipv6 ? guests6[place] : [])];
}

const guests = {
  A: container('10.88.0.2', '10.88.0.1'),
  B: container('10.88.0.3', '10.88.0.1'),
  C: container('10.89.0.2', '10.89.0.1'),
  LAN: [
    'link set lo up',
    'link set eth0 up',
    'addr add 192.0.2.2/24 dev eth0',
    'addr add 198.51.100.1/32 dev lo',
    'addr add 198.51.100.53/32 dev lo',
  ],
} as const;

const guests6 = {
  A: ['addr add fd00:88::2/64 dev eth0 nodad', 'route add default via fd00:88::1'],
  B: ['addr add fd00:88::3/64 dev eth0 nodad', 'route add default via fd00:88::1'],
  C: [],
  LAN: ['addr add 2001:db8::2/64 dev eth0 nodad', 'addr add 2001:db8:f::1/128 dev lo nodad'],
} as const;

function container(address: string, gateway: string): Lines {
  return [
    'link set lo up',
    'link set eth0 up',
    `addr add ${address}/24 dev eth0`,
    `route add default via ${gateway}`,
  ];
}

/** Kernel settings of a namespace, written before it has links. */
export function earlySettings(ipv6: boolean): Lines {
  return ipv6
    ? [
        'net.ipv6.conf.all.disable_ipv6=0',
        'net.ipv6.conf.default.disable_ipv6=0',
        'net.ipv6.conf.default.accept_dad=0',
      ]
    : ['net.ipv6.conf.all.disable_ipv6=1', 'net.ipv6.conf.default.disable_ipv6=1'];
}

/** Kernel settings of the host, written once its links are there. */
export function hostSettings(ipv6: boolean, bare: boolean): Lines {
  if (bare) return ['net.ipv4.conf.up0.rp_filter=0'];
  return [
    'net.ipv4.conf.up0.rp_filter=0',
    'net.ipv4.conf.br0.route_localnet=1',
    'net.ipv4.ip_forward=1',
    'net.bridge.bridge-nf-call-iptables=1',
    'net.bridge.bridge-nf-call-ip6tables=1',
    ...(ipv6 ? ['net.ipv6.conf.all.forwarding=1'] : []),
  ];
}
