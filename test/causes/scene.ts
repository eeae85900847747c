/**
 * Scenes for the causes' tests: the lab when all is well, and ways to spoil it. Nothing here touches a machine;
 * what a scene says is what the lab showed.
 */
import { known } from '../../src/model/answer.ts';
import type { Rule } from '../../src/model/evidence.ts';
import type { Facts, Side } from '../../src/model/facts.ts';
import type { Family } from '../../src/model/flow.ts';
import type { Decision, Hop, Path, StageKind } from '../../src/model/path.ts';
import { placeAt } from '../../src/model/place.ts';
import type { Scene } from '../../src/model/scene.ts';
import type { Direction, Sighting } from '../../src/model/sighting.ts';
import { linkNamed, type Stack } from '../../src/model/stack.ts';
import { sighting } from '../examples/sighting.ts';
import { containerStack, hostStack, MAC, netns } from './lab-state.ts';

type Mutable<T> =
  T extends ReadonlySet<infer U>
    ? Set<U>
    : T extends readonly (infer U)[]
      ? Mutable<U>[]
      : T extends object
        ? { -readonly [K in keyof T]: Mutable<T[K]> }
        : T;

/** A scene with every fact, free to be changed. */
export type Lab = Mutable<Scene & Facts>;

/**
 * `outside` A → 198.51.100.1 · `sibling` A → B on the same bridge · `network` A → C on the other bridge ·
 * `to-host` A → its gateway · `from-host` host → A · `from-outside` LAN → the published port of A.
 */
export type Way = 'outside' | 'sibling' | 'network' | 'to-host' | 'from-host' | 'from-outside';

const SHAPES: Record<Way, { hops: string[]; stages: StageKind[] }> = {
  outside: {
    hops: ['container/eth0', 'host/vetha', 'host/br0', 'host/up0'],
    stages: ['send', 'wire', 'port', 'forward', 'beyond'],
  },
  sibling: {
    hops: ['container/eth0', 'host/vetha', 'host/vethb', 'other/eth0'],
    stages: ['send', 'wire', 'bridge', 'wire', 'deliver'],
  },
  network: {
    hops: ['container/eth0', 'host/vetha', 'host/br0', 'host/br1', 'host/vethc', 'other/eth0'],
    stages: ['send', 'wire', 'port', 'forward', 'port', 'wire', 'deliver'],
  },
  'to-host': {
    hops: ['container/eth0', 'host/vetha', 'host/br0'],
    stages: ['send', 'wire', 'port', 'deliver'],
  },
  'from-host': {
    hops: ['host/br0', 'host/vetha', 'container/eth0'],
    stages: ['send', 'port', 'wire', 'deliver'],
  },
  'from-outside': {
    hops: ['host/up0', 'host/br0', 'host/vetha', 'container/eth0'],
    stages: ['beyond', 'forward', 'port', 'wire', 'deliver'],
  },
};

const ENDS: Record<Family, Record<Way, { source: string; address: string; gateway: string | null }>> = {
  4: {
    outside: { source: '10.88.0.2', address: '198.51.100.1', gateway: '10.88.0.1' },
    sibling: { source: '10.88.0.2', address: '10.88.0.3', gateway: null },
    network: { source: '10.88.0.2', address: '10.89.0.2', gateway: '10.88.0.1' },
    'to-host': { source: '10.88.0.2', address: '10.88.0.1', gateway: null },
    'from-host': { source: '10.88.0.1', address: '10.88.0.2', gateway: null },
    'from-outside': { source: '192.0.2.2', address: '192.0.2.1', gateway: null },
  },
  6: {
    outside: { source: 'fd00:88::2', address: '2001:db8:f::1', gateway: 'fd00:88::1' },
    sibling: { source: 'fd00:88::2', address: 'fd00:88::3', gateway: null },
    network: { source: 'fd00:88::2', address: 'fd00:89::2', gateway: 'fd00:88::1' },
    'to-host': { source: 'fd00:88::2', address: 'fd00:88::1', gateway: null },
    'from-host': { source: 'fd00:88::1', address: 'fd00:88::2', gateway: null },
    'from-outside': { source: '2001:db8::2', address: '2001:db8::1', gateway: null },
  },
};

export const decision = (about: Partial<Decision> = {}): Decision => ({
  known: true,
  refusal: null,
  dev: null,
  gateway: null,
  source: null,
  table: null,
  type: 'unicast',
  argv: ['ip', 'route', 'get'],
  ...about,
});

const hop = (id: string, stacks: Scene['stacks']): Hop => {
  const [where, name] = id.split('/') as [Side, string];
  const stack = stacks[where] as Stack;
  const link = linkNamed(stack, name);
  if (!link) throw new Error(`the lab has no ${id}`);
  return {
    id,
    name,
    where,
    kind: name === 'up0' ? 'uplink' : link.kind,
    link,
    netns: where === 'host' ? null : stack.netns,
    about: '',
  };
};

/** The MAC addresses that a frame of the request carries on this hop, as the lab showed them. */
function macs(way: Way, id: string): [string, string] {
  if (id === 'host/up0') return way === 'from-outside' ? [MAC.lan, MAC.up0] : [MAC.up0, MAC.lan];
  if (way === 'sibling') return [MAC.a, MAC.b];
  if (way === 'network' && /br1|vethc|other/.test(id)) return [MAC.br1, MAC.c];
  return way === 'from-host' || way === 'from-outside' ? [MAC.br0, MAC.a] : [MAC.a, MAC.br0];
}

/** Everything is well: three probes went and came back. */
export function healthy(way: Way = 'outside', family: Family = 4): Lab {
  const ends = ENDS[family][way];
  const stacks = {
    container: containerStack('a'),
    host: hostStack(),
    other: way === 'sibling' ? containerStack('b') : way === 'network' ? containerStack('c') : null,
  };
  const shape = SHAPES[way];
  const hops = shape.hops.map((id) => hop(id, stacks));
  const from = way === 'from-host' ? 'host' : way === 'from-outside' ? 'outside' : 'container';
  const path: Path = {
    hops,
    stages: shape.stages,
    origin: from,
    ending:
      way === 'outside'
        ? 'outside'
        : way === 'to-host'
          ? 'host'
          : way === 'sibling' || way === 'network'
            ? 'other'
            : 'container',
    gaps: [],
    sourceRoute: decision({
      dev: from === 'host' ? 'br0' : from === 'outside' ? null : 'eth0',
      gateway: ends.gateway,
      source: ends.source,
      known: from !== 'outside',
    }),
    hostRoute:
      way === 'outside'
        ? decision({ dev: 'up0', gateway: family === 6 ? '2001:db8::2' : '192.0.2.2' })
        : way === 'network'
          ? decision({ dev: 'br1' })
          : way === 'from-outside'
            ? decision({ dev: 'br0' })
            : null,
    sourceAddress: ends.source,
    realDestination: way === 'from-outside' ? '10.88.0.2' : ends.address,
  };
  const packets = (direction: Direction): Sighting[] =>
    hops.map((one, index) => {
      const [out, into] = macs(way, one.id);
      const [sourceMac, destinationMac] = direction === 'request' ? [out, into] : [into, out];
      const masqueraded = way === 'outside' && one.id === 'host/up0';
      const own = masqueraded ? (family === 6 ? '2001:db8::1' : '192.0.2.1') : ends.source;
      const far = way === 'from-outside' && one.id !== 'host/up0' ? '10.88.0.2' : ends.address;
      const [source, destination] = direction === 'request' ? [own, far] : [far, own];
      const at = direction === 'request' ? 10 * (index + 1) : 10 * (2 * hops.length - index);
      return sighting(one.id, direction, { source, destination, sourceMac, destinationMac, family, at });
    });
  const lab: Scene & Facts = {
    target: {
      runtime: 'netns',
      name: 'lab-a',
      id: null,
      pid: null,
      netns: netns('lab-a', 101),
      hostNetwork: false,
      mode: null,
      networks: [],
      ports: [],
      resolvConf: null,
      about: 'namespace',
    },
    flow: {
      from,
      to: ends.address,
      address: ends.address,
      proto: way === 'from-outside' ? 'tcp' : 'icmp',
      port: way === 'from-outside' ? 8080 : null,
      family,
    },
    path,
    stacks,
    sightings: [...packets('request'), ...packets('reply')],
    passages: [],
    unwatched: [],
    captured: new Set(shape.hops),
    outcomes: [{ probe: 0, result: 'answered', microseconds: 90, errno: null, says: null }],
    control: null,
    drops: known([], ['cat', 'trace']),
    symptom: { kind: 'answered', errno: null, from: null, says: null, bornAt: null },
    place: null,
    ...facts(),
  };
  return structuredClone(lab) as Lab;
}

function facts(): Facts {
  return {
    sysctls: {
      container: {},
      host: {
        'net.ipv4.ip_forward': '1',
        'net.ipv6.conf.all.forwarding': '1',
        'net.ipv4.conf.all.forwarding': '1',
        'net.ipv4.conf.br0.forwarding': '1',
        'net.ipv4.conf.up0.forwarding': '1',
        'net.ipv4.conf.all.rp_filter': '0',
        'net.ipv4.conf.br0.rp_filter': '0',
        'net.ipv4.conf.up0.rp_filter': '0',
        'net.bridge.bridge-nf-call-iptables': '1',
        'net.bridge.bridge-nf-call-ip6tables': '1',
      },
      other: {},
    },
    firewall: { container: [], host: [], other: [] },
    conntrack: { entries: [], count: 3, max: 65536 },
    traffic: [],
    listeners: [],
    fdb: [],
    vlans: [],
    xfrm: [],
    wireguard: [],
    virtualServices: [],
    cgroup: [],
    resolver: { file: '/etc/resolv.conf', nameservers: ['198.51.100.53'], search: [], options: [] },
    process: {
      capabilities: [],
      seccomp: 0,
      proxies: {},
      pingGroupRange: null,
      mayPing: null,
      label: null,
    },
    members: [],
    residents: { found: [], isWhole: true },
    ruleHits: [],
    endingChain: { rules: [], lookUps: [] },
    replyRoute: { decision: decision({ dev: 'br0' }), expected: 'br0' },
    multicast: { routes: [], joined: [] },
    modules: { release: '6.18.44', present: true, others: ['6.18.44'] },
    sockets: { all: [], holders: {} },
    lookUp: {
      name: 'web.example',
      sample: false,
      from: 'container',
      library: null,
      files: [],
      servers: ['198.51.100.53'],
      search: [],
      ndots: 1,
      outcomes: [],
      asked: [],
      standIns: [],
      captured: null,
      rotates: false,
      control: null,
    },
    connected: [],
    farTunnels: [],
    leaseClient: null,
    tcpBeside: { port: null, refused: false },
    answeredAsItself: [],
    openFiles: [],
  };
}

/** Packets of this direction stop at the stage `index` (that before hops[index]): later sightings are gone. */
export function lostAt(lab: Lab, index: number, direction: Direction = 'request'): Lab {
  const order = lab.path.hops.map((one) => one.id);
  lab.sightings = lab.sightings.filter((one) => {
    const at = order.indexOf(one.hop);
    if (one.kind === 'neighbour') return true;
    if (direction === 'request') return one.kind === 'request' && at < index;
    return one.kind === 'request' || (one.kind === 'reply' && at >= index);
  });
  lab.place = placeAt(lab.path as Path, index, direction) as Lab['place'];
  lab.symptom = { kind: 'lost', errno: null, from: null, says: null, bornAt: null };
  lab.outcomes = [{ probe: 0, result: 'silent', microseconds: null, errno: null, says: null }];
  return lab;
}

/** They left this host and nothing came back: the request was seen everywhere, the reply nowhere. */
export function silent(lab: Lab): Lab {
  const last = lab.path.stages.length - 1;
  lostAt(lab, last);
  lab.symptom = { kind: 'silence', errno: null, from: null, says: null, bornAt: null };
  return lab;
}

/** The sender's own kernel refused at once. */
export function refusedToSend(lab: Lab, errno: string, refusal: string | null = null): Lab {
  lostAt(lab, 0);
  lab.symptom = { kind: 'not-sent', errno, from: null, says: null, bornAt: null };
  lab.outcomes = [{ probe: 0, result: 'not-sent', microseconds: null, errno, says: null }];
  if (refusal !== null)
    lab.path.sourceRoute = decision({ refusal, dev: null, type: null }) as Lab['path']['sourceRoute'];
  return lab;
}

/** The kernel says where it threw the probe away. */
export function dropped(lab: Lab, reason: string, fn: string, device: string | null = null): Lab {
  const drop = {
    reason,
    function: fn,
    device,
    hop: null,
    direction: lab.place?.direction ?? null,
    probe: 0,
    at: 40,
  };
  lab.drops = known([drop], ['cat', 'trace']) as Lab['drops'];
  return lab;
}

/** Nobody could ask the kernel what it dropped. */
export function blind(lab: Lab): Lab {
  lab.drops = {
    known: false,
    because: 'no-permission',
    detail: 'tracefs is not readable',
    source: ['cat', '/sys/kernel/tracing/trace'],
  };
  return lab;
}

export const firewallRule = (about: Partial<Rule> = {}): Rule => ({
  engine: 'iptables-nft',
  family: 'ip',
  table: 'filter',
  chain: 'FORWARD',
  hook: 'forward',
  number: 1,
  handle: 9,
  text: '-A FORWARD -j DROP',
  verdict: 'drop',
  owner: null,
  ...about,
});

/** The probe met this rule (or, with number null, this policy) and ended there. */
export function hit(lab: Lab, about: Partial<Rule>, verdict = 'drop', side: Side = 'host'): Lab {
  lab.ruleHits.push({
    side,
    rule: firewallRule({ verdict, ...about }),
    verdict,
    direction: lab.place?.direction ?? 'request',
    probe: 0,
    at: 30,
    by: 'trace',
  } as Lab['ruleHits'][number]);
  return lab;
}

/** The link of the state after the probe, for changing it. */
export function linkOf(lab: Lab, id: string): Lab['stacks']['host']['links'][number] {
  const [where, name] = id.split('/') as [Side, string];
  const found = lab.stacks[where]?.links.find((one) => one.name === name);
  if (!found) throw new Error(`the lab has no ${id}`);
  return found;
}
