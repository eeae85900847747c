/** What each recipe is asked to build on the demo's network, and what the network needs to have beforehand. */
export interface Case {
  readonly recipe: string;
  readonly set?: Readonly<Record<string, string>>;
  /** Other answers where the case is run once for each of its commands. */
  readonly few?: Readonly<Record<string, string>>;
  /** Commands beforehand, `NAMESPACE: words`; `host` is the host. */
  readonly before?: readonly string[];
  /** A TCP service in this namespace, on this port. */
  readonly serve?: { readonly in: string; readonly port: number };
}

const ONE = { containers: 'new:red' };
const NEW = { containers: 'new:red,new:blue,new:green' };
const OUTSIDE = { outside: '198.51.100.1' };
/** mail without a network: as a container that was started with `--network none`. */
const EMPTY = ['host: ip link del vethmail'];

export const cases: Readonly<Record<string, Case>> = {
  'veth-direct': { recipe: 'veth-direct', set: { a: 'new:red', b: 'netns:mail' }, before: EMPTY },
  'veth-direct with a way out': {
    recipe: 'veth-direct',
    set: { a: 'new:red', b: 'new:blue', route: 'a', subnet: '10.77.0.0/30' },
  },
  'bridge-isolated': { recipe: 'bridge-isolated', set: NEW, few: { containers: 'new:red,new:blue' } },
  'bridge-host': {
    recipe: 'bridge-host',
    few: { containers: 'netns:mail' },
    set: { containers: 'new:red,netns:mail' },
    before: EMPTY,
  },
  'bridge-nat': {
    recipe: 'bridge-nat',
    few: ONE,
    set: { ...NEW, ...OUTSIDE },
    before: ['host: sysctl -qw net.ipv4.ip_forward=0'],
  },
  'attach-docker0': {
    recipe: 'attach-docker0',
    set: { container: 'mail', bridge: 'br0', ...OUTSIDE },
    before: EMPTY,
  },
  'routed by the router': {
    recipe: 'routed',
    few: ONE,
    set: { containers: 'new:red,new:blue', subnet: '10.66.0.0/24', ...OUTSIDE },
    before: ['internet: ip route add 10.66.0.0/24 via 192.0.2.2'],
  },
  'routed by proxy ARP': {
    recipe: 'routed',
    few: ONE,
    set: { containers: 'new:red,new:blue', how: 'proxy-arp', ...OUTSIDE },
  },
  'publish-port': { recipe: 'publish-port', set: { container: 'web' }, serve: { in: 'web', port: 80 } },
  'default-route': {
    recipe: 'default-route',
    set: { container: 'web', way: 'eth1', ...OUTSIDE },
    before: [
      'host: ip link add vethweb1 type veth peer name eth1 netns web',
      'host: ip link set vethweb1 master br1 up',
      'web: ip addr add 172.19.0.9/16 dev eth1',
      'web: ip link set eth1 up',
    ],
  },
  'isolate apart': { recipe: 'isolate', set: { bridge: 'br0' } },
  'isolate together': {
    recipe: 'isolate',
    set: { bridge: 'br0', apart: 'together' },
    before: ['host: bridge link set dev vethweb isolated on', 'host: bridge link set dev vethdb isolated on'],
  },
  ipvlan: { recipe: 'ipvlan', set: { containers: 'new:red,new:blue' } },
  macvlan: { recipe: 'macvlan', few: ONE, set: { containers: 'new:red,new:blue' } },
  vxlan: {
    recipe: 'vxlan',
    few: ONE,
    set: { containers: 'new:red,new:blue', remote: '192.0.2.1', subnet: '10.55.0.0/24', peer: '10.55.0.1' },
    // The internet plays the other host.
    before: [
      'internet: ip link add vx type vxlan id 42 local 192.0.2.1 remote 192.0.2.2 dstport 4789 dev eth0',
      'internet: ip addr add 10.55.0.1/24 dev vx',
      'internet: ip link set vx up',
    ],
  },
  'mtu of the interface': {
    recipe: 'mtu',
    set: { container: 'web', ...OUTSIDE },
    before: ['host: ip link set eth0 mtu 1400'],
  },
  'mtu by the segments': {
    recipe: 'mtu',
    set: { container: 'web', how: 'mss', mtu: '1400', ...OUTSIDE },
  },
};
