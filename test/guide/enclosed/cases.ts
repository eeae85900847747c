/**
 * What each recipe is asked to build, and what the network needs to have beforehand: on the demo's network of bare
 * namespaces, and beside a real Docker Engine with its containers alone or together with bare namespaces.
 */
export const kinds = ['namespaces', 'docker', 'both'] as const;
export type Kind = (typeof kinds)[number];

export interface Case {
  readonly recipe: string;
  readonly set?: Readonly<Record<string, string>>;
  /** Other answers where the case is run once for each of its commands. */
  readonly few?: Readonly<Record<string, string>>;
  /** Docker's containers, each with the words of its `docker run`. */
  readonly containers?: Readonly<Record<string, readonly string[]>>;
  /** Shell lines beforehand, `PLACE: line`; `host`, `internet`, a namespace, `docker:NAME`. */
  readonly before?: readonly string[];
  /** Shell lines afterwards, where the network outlives the case. */
  readonly after?: readonly string[];
  /** A service in this place, on this port. */
  readonly serve?: { readonly in: string; readonly port: number; readonly proto: 'tcp' | 'udp' };
  /** What must be reached besides what the recipe itself promises. */
  readonly reach?: readonly { readonly from: string; readonly to: string; readonly proto: 'tcp' | 'udp' }[];
}

/** A case for each kind that it makes sense for. */
export type Cases = Readonly<Record<string, Readonly<Partial<Record<Kind, Case>>>>>;

const OUTSIDE = { outside: '198.51.100.1' };
/** mail without a network: as a container that was started with `--network none`. */
const EMPTY = ['host: ip link del vethmail'];
const NONE = ['--network', 'none'];

/** Two places without a network: namespaces that the recipe makes, Docker's containers, one of each. */
const crowd: Readonly<
  Record<Kind, Pick<Case, 'containers'> & { readonly names: readonly [string, string] }>
> = {
  namespaces: { names: ['new:red', 'new:blue'] },
  docker: { names: ['docker:red', 'docker:blue'], containers: { red: NONE, blue: NONE } },
  both: { names: ['docker:red', 'new:blue'], containers: { red: NONE } },
};

/** The host's uplink as the two networks have it. */
const demo = { device: 'eth0', host: '192.0.2.2', next: '192.0.2.1' };
const lab = { device: 'up0', host: '192.0.2.1', next: '192.0.2.2' };
const uplink: Readonly<Record<Kind, typeof demo>> = { namespaces: demo, docker: lab, both: lab };

const each = (one: (kind: Kind) => Case): Record<Kind, Case> => ({
  namespaces: one('namespaces'),
  docker: one('docker'),
  both: one('both'),
});

/** A recipe that connects containers; interrupted with one of them, or two where it wants two. */
const connecting = (
  recipe: string,
  set: Case['set'] = {},
  more: (kind: Kind) => Partial<Case> = () => ({}),
) =>
  each((kind) => {
    const { names, containers = {} } = crowd[kind];
    return {
      recipe,
      containers,
      set: { containers: names.join(','), ...set },
      few: recipe === 'bridge-isolated' ? {} : { containers: names[0] },
      ...more(kind),
    };
  });

const direct = (set: Case['set'] = {}) =>
  each((kind) => {
    const { names, containers = {} } = crowd[kind];
    return { recipe: 'veth-direct', containers, set: { a: names[0], b: names[1], ...set } };
  });

/** From outside, from the host by both of its addresses, and from the container itself (hairpin). */
const published = (kind: 'namespaces' | 'docker', proto: 'tcp' | 'udp'): Case => {
  const container = kind === 'docker' ? 'docker:web' : 'web';
  const host = `${uplink[kind].host}:8080`;
  const from = (who: string, to = host) => ({ from: who, to, proto });
  return {
    recipe: 'publish-port',
    ...(kind === 'docker' ? { containers: { web: [] } } : {}),
    set: { container, proto },
    serve: { in: container, port: 80, proto },
    reach: [from('internet'), from('host', '127.0.0.1:8080'), from('host'), from(container)],
  };
};

/** The other host of a tunnel, played by the internet. */
const farSide = (kind: Kind): Partial<Case> => {
  const { host, next } = uplink[kind];
  return {
    before: [
      `internet: ip link add vx type vxlan id 42 local ${next} remote ${host} dstport 4789 dev eth0`,
      'internet: ip addr add 10.55.0.1/24 dev vx',
      'internet: ip link set vx up',
    ],
    after: ['internet: ip link del vx'],
    set: {
      containers: crowd[kind].names.join(','),
      remote: next,
      subnet: '10.55.0.0/24',
      peer: '10.55.0.1',
    },
  };
};

export const cases: Cases = {
  'veth-direct': {
    ...direct(),
    namespaces: { recipe: 'veth-direct', set: { a: 'new:red', b: 'netns:mail' }, before: EMPTY },
  },
  'veth-direct with a way out': direct({ route: 'a', subnet: '10.77.0.0/30' }),
  'bridge-isolated': connecting('bridge-isolated'),
  'bridge-host': {
    ...connecting('bridge-host'),
    namespaces: {
      recipe: 'bridge-host',
      few: { containers: 'netns:mail' },
      set: { containers: 'new:red,netns:mail' },
      before: EMPTY,
    },
  },
  'bridge-nat': connecting('bridge-nat', OUTSIDE, (kind) =>
    kind === 'namespaces'
      ? {
          set: { containers: 'new:red,new:blue,new:green', ...OUTSIDE },
          before: ['host: sysctl -qw net.ipv4.ip_forward=0'],
        }
      : {},
  ),
  'attach-docker0': {
    namespaces: {
      recipe: 'attach-docker0',
      set: { container: 'mail', bridge: 'br0', ...OUTSIDE },
      before: EMPTY,
    },
    docker: {
      recipe: 'attach-docker0',
      containers: { red: NONE, web: [] },
      set: { container: 'docker:red', ...OUTSIDE },
    },
    both: { recipe: 'attach-docker0', containers: { web: [] }, set: { container: 'new:red', ...OUTSIDE } },
  },
  'routed by the router': connecting('routed', { subnet: '10.66.0.0/24', ...OUTSIDE }, (kind) => ({
    before: [`internet: ip route add 10.66.0.0/24 via ${uplink[kind].host}`],
    after: ['internet: ip route del 10.66.0.0/24'],
  })),
  'routed by proxy ARP': connecting('routed', { how: 'proxy-arp', ...OUTSIDE }),
  'publish-port': { namespaces: published('namespaces', 'tcp'), docker: published('docker', 'tcp') },
  'publish-port by UDP': { namespaces: published('namespaces', 'udp'), docker: published('docker', 'udp') },
  'default-route': {
    namespaces: {
      recipe: 'default-route',
      set: { container: 'web', way: 'eth1', ...OUTSIDE },
      before: [
        'host: ip link add vethweb1 type veth peer name eth1 netns web',
        'host: ip link set vethweb1 master br1 up',
        'web: ip addr add 172.19.0.9/16 dev eth1',
        'web: ip link set eth1 up',
      ],
    },
    docker: {
      // Of several networks Docker takes the first by name for the way out: bridge, not shop.
      recipe: 'default-route',
      containers: { web: [] },
      before: ['host: docker network create shop', 'host: docker network connect shop web'],
      after: ['host: docker network disconnect -f shop web', 'host: docker network rm shop'],
      set: { container: 'docker:web', way: 'eth1', ...OUTSIDE },
    },
  },
  'isolate apart': {
    namespaces: { recipe: 'isolate', set: { bridge: 'br0' } },
    docker: { recipe: 'isolate', containers: { web: [], db: [] } },
    both: { recipe: 'isolate', containers: { web: [] }, ...beside('red') },
  },
  'isolate together': {
    namespaces: {
      recipe: 'isolate',
      set: { bridge: 'br0', apart: 'together' },
      before: [
        'host: bridge link set dev vethweb isolated on',
        'host: bridge link set dev vethdb isolated on',
      ],
    },
    docker: {
      recipe: 'isolate',
      containers: { web: [], db: [] },
      set: { apart: 'together' },
      before: [
        `host: bridge link show master docker0 | sed 's/^[0-9]*: //; s/@.*//' | xargs -I% bridge link set dev % isolated on`,
      ],
    },
  },
  ipvlan: connecting('ipvlan'),
  macvlan: connecting('macvlan'),
  vxlan: connecting('vxlan', {}, farSide),
  'mtu of the interface': {
    namespaces: {
      recipe: 'mtu',
      set: { container: 'web', ...OUTSIDE },
      before: ['host: ip link set eth0 mtu 1400'],
    },
    docker: {
      recipe: 'mtu',
      containers: { web: [] },
      set: { container: 'docker:web', ...OUTSIDE },
      before: ['host: ip link set up0 mtu 1400'],
      after: ['host: ip link set up0 mtu 1500'],
    },
  },
  'mtu by the segments': {
    namespaces: { recipe: 'mtu', set: { container: 'web', how: 'mss', mtu: '1400', ...OUTSIDE } },
    docker: {
      recipe: 'mtu',
      containers: { web: [] },
      set: { container: 'docker:web', how: 'mss', mtu: '1400', ...OUTSIDE },
    },
  },
};

/** A bare namespace on docker0, made by hand. */
function beside(name: string): Pick<Case, 'before' | 'after'> {
  return {
    before: [
      `host: ip netns add ${name}`,
      `host: ip link add veth${name} type veth peer name eth0 netns ${name}`,
      `host: ip link set veth${name} master docker0 up`,
      `${name}: ip addr add 172.17.0.99/16 dev eth0`,
      `${name}: ip link set eth0 up`,
    ],
    after: [`host: ip netns del ${name}`],
  };
}
