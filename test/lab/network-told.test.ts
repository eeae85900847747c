// What the kernel tells of a network without a program is what iproute2 makes of it.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { askIp as decisionByIp, type RouteQuestion, routeGet } from '../../src/discover/route-get.ts';
import { askIp, readStack } from '../../src/discover/stack.ts';
import { localMachine } from '../../src/host/local.ts';
import type { Netns } from '../../src/model/netns.ts';
import type { Link, Stack } from '../../src/model/stack.ts';
import { Lab } from './lab.ts';
import { type Place, places } from './names.ts';

const machine = localMachine();
let lab: Lab;
beforeAll(async () => {
  lab = await Lab.up({ ipv6: true });
  for (const sh of STEPS) {
    const { exitCode, said } = await lab.step({ in: 'host', sh });
    expect(exitCode, `${sh}\n${said}`).toBe(0);
  }
});
afterAll(() => lab.down());

const STEPS = [
  'bridge link set dev vetha isolated on hairpin on learning off flood off',
  'bridge link set dev vethb mcast_flood off neigh_suppress on state 4',
  'ip link set br1 type bridge stp_state 1 nf_call_iptables 1 mcast_querier 1',
  'ip link set vethc arp off; ip link set vethb mtu 1400',
  'ip link add far type vxlan id 42 dstport 4790 remote 192.0.2.9 local 192.0.2.1 dev up0',
  'ip link add many type vxlan id 43 group 239.1.1.1 dev up0 dstport 0; ip link set many up',
  'ip link add six type vxlan id 44 group ff05::7 dev up0 dstport 8472',
  'ip link add led type vxlan external dstport 4795',
  'for mode in bridge private vepa; do ip link add m$mode link up0 type macvlan mode $mode; done',
  'ip link set mbridge up; ip tuntap add dev tun7 mode tun; ip tuntap add dev tap7 mode tap; ip link set tun7 up',
  'ip link add f0 type ifb; ip link add w0 type veth peer name w1; ip link set w0 up',
  'ip addr add 172.31.0.1 peer 172.31.0.2/32 dev w0; ip addr add 172.31.1.1/24 dev w0 valid_lft 900 preferred_lft 0',
  'ip addr add 10.88.0.9/24 dev br0; ip addr add 169.254.1.1/16 dev w0 scope link noprefixroute',
  'ip -6 addr add fd00:5::1/64 dev w0 nodad; ip -6 addr add ::ffff:192.0.2.77/128 dev w0 nodad',
  'ip -6 addr add fd00:0:0:5:0:0:6:7/128 dev w0; ip -6 addr add fd00:6::1 peer fd00:6::2/128 dev w0',
  'ip route add blackhole 10.200.0.0/16; ip route add unreachable 10.201.0.0/16 metric 7; ip route add prohibit 10.202.0.0/16',
  'ip route add throw 10.203.0.0/16 table 77; ip route add 10.204.0.0/16 via 10.88.0.2 src 10.88.0.9 table 77 proto bird',
  'ip route add 10.205.0.0/16 via 10.99.0.1 dev br0 onlink metric 30 proto 99 scope global',
  'ip route add 10.206.0.0/16 nexthop via 10.88.0.2 weight 3 nexthop dev w0 nexthop via inet6 fd00:88::2 dev br0',
  'ip route add 10.207.0.0/16 via inet6 fd00:88::2 dev br0 mtu 1300 advmss 1200',
  'ip -6 route add fd00:aaaa::/48 via fd00:88::2 pref high; ip -6 route add fd00:aaab::/48 via fd00:88::2 pref low; ip -6 route add blackhole fd00:bbbb::/48',
  'ip -6 route add fd00:cccc::/48 nexthop via fd00:88::2 nexthop via fd00:88::3 weight 2; ip -6 route add unreachable default table 99',
  'ip rule add from 10.88.0.0/16 to 10.9.0.1 lookup 77 priority 100; ip rule add not fwmark 0x10/0xff table local priority 101',
  'ip rule add fwmark 5 iif br0 oif up0 uidrange 10-20 ipproto tcp sport 7 dport 80-90 table 78 priority 102',
  'ip rule add to 10.9.8.7 prohibit priority 103; ip rule add from 10.9.8.6 blackhole priority 104',
  'ip rule add goto 32766 iif nowhere priority 105; ip rule add table main suppress_prefixlength 0 priority 106',
  'ip -6 rule add from fd00:88::/64 table 99 priority 100; ip -6 rule add to fd00:1::1 unreachable priority 101',
  'ip neigh add 10.88.0.77 lladdr 02:00:00:00:00:77 dev br0; ip neigh add 10.88.0.78 lladdr 02:00:00:00:00:78 dev br0 nud noarp',
  'ip neigh add proxy 10.88.0.79 dev br0; ip -6 neigh add proxy fd00:88::79 dev br0; ip -6 neigh add fd00:88::77 lladdr 02:00:00:00:00:77 dev br0',
  'for i in $(seq 3000); do echo route add 10.220.$((i / 256)).$((i % 256)) via 10.88.0.2; done | ip -batch -',
];

function at(place: Place): Netns {
  const netns = machine.netns(lab.namespace(place));
  if (!netns.known) throw new Error(netns.detail);
  return netns.value;
}

async function both(place: Place): Promise<{ told: Stack; byIp: Stack }> {
  const netns = at(place);
  const asked = machine.networkIn(netns);
  expect(asked.known ? '' : asked.detail).toBe('');
  const [told, byIp] = [await readStack(machine, netns), await askIp(machine, netns)];
  if (!told.known || !byIp.known) throw new Error('the network could not be read');
  return { told: told.value, byIp: byIp.value };
}

const plain = ({ data: _, ...link }: Link) => link;
/** What anybody reads of `info_data`. */
const READ = ['mode', 'id', 'remote', 'remote6', 'group', 'group6', 'local', 'port', 'table', 'type'];
const read = ({ name, data }: Link) => [name, Object.fromEntries(READ.map((key) => [key, data[key]]))];
/** The state of one that nobody has written down may be another a moment later. */
const lasting = ({ neighbours }: Stack) =>
  neighbours
    .map((one) => (one.state.includes('PERMANENT') || one.proxy ? one : { ...one, state: [], mac: null }))
    .toSorted((a, b) => `${a.dev} ${a.address}`.localeCompare(`${b.dev} ${b.address}`));

test.each(places)('the network of %s is told alike', async (place) => {
  const { told, byIp } = await both(place);
  expect(told.links.map(plain)).toEqual(byIp.links.map(plain));
  expect(told.links.map(read)).toEqual(byIp.links.map(read));
  expect(told.routes).toEqual(byIp.routes);
  expect(told.rules).toEqual(byIp.rules);
  expect(lasting(told)).toEqual(lasting(byIp));
  expect(told.netns).toEqual(byIp.netns);
});

test('the host of this lab has what is to be told', async () => {
  const { told } = await both('host');
  expect(told.routes.length).toBeGreaterThan(3000);
  expect(told.rules.length).toBeGreaterThan(11);
  expect(told.neighbours.filter(({ proxy }) => proxy)).toHaveLength(2);
  const kinds = new Set(told.links.map(({ kind }) => kind));
  expect([...kinds].toSorted()).toEqual(['bridge', 'ifb', 'loopback', 'macvlan', 'tun', 'veth', 'vxlan']);
});

const QUESTIONS: readonly RouteQuestion[] = [
  { to: '198.51.100.1' },
  { to: '198.51.100.1', from: '10.88.0.2', iif: 'vethc' },
  { to: '198.51.100.1', from: '10.88.0.2', iif: 'br0' },
  {
    to: '198.51.100.1',
    from: '10.88.0.2',
    iif: 'br0',
    mark: 5,
    proto: 'tcp',
    port: 80,
    sourcePort: 7,
    uid: 0,
  },
  { to: '10.88.0.2', from: '198.51.100.1', iif: 'up0', proto: 'icmp' },
  { to: '10.88.0.1' },
  { to: '127.0.0.1' },
  { to: '10.88.0.255' },
  { to: '224.0.0.251' },
  { to: '10.200.1.1' },
  { to: '10.201.1.1' },
  { to: '10.202.1.1' },
  { to: '10.205.1.1', oif: 'br0' },
  { to: '10.206.1.1', proto: 'udp', port: 53, sourcePort: 1024 },
  { to: '10.207.1.1' },
  { to: '10.204.0.1', from: '10.88.0.1' },
  { to: '198.51.100.1', from: '203.0.113.9' },
  { to: '198.51.100.1', oif: 'nowhere' },
  { to: '2001:db8::2' },
  { to: '2001:db8:ffff::1', proto: 'icmp' },
  { to: 'fd00:bbbb::1' },
  { to: 'fd00:cccc::1' },
  { to: 'fd00:88::2', from: '2001:db8::9', iif: 'up0' },
  { to: '::1' },
  { to: 'ff02::1', oif: 'br0' },
];

test.each(['host', 'A', 'C'] as const)('the kernel decides alike for %s, whoever asks it', async (place) => {
  const netns = at(place);
  for (const question of QUESTIONS) {
    const asked = [await routeGet(machine, netns, question), await decisionByIp(machine, netns, question)];
    expect(asked[0], JSON.stringify(question)).toEqual(asked[1]);
  }
});

test('a link of another kind leaves the namespace to iproute2', async () => {
  const other = ['vlan', 'ipvlan', 'dummy', 'vcan', 'nlmon'].map(
    (kind) =>
      `ip link add x0 ${/vlan/.test(kind) ? 'link eth0 ' : ''}type ${kind} ${kind === 'vlan' ? 'id 7' : ''}`,
  );
  const { exitCode } = await lab.step({ in: 'B', sh: `${other.join(' 2>/dev/null || ')}` });
  const { told, byIp } = { told: await readStack(machine, at('B')), byIp: await askIp(machine, at('B')) };
  if (!told.known || !byIp.known) throw new Error('the network could not be read');
  expect(told.value.links.map(plain)).toEqual(byIp.value.links.map(plain));
  if (exitCode === 0) expect(told.value.links.some(({ name }) => name === 'x0')).toBe(true);
});

test('a namespace that is not there is nobody’s to tell', async () => {
  const none = { inode: 1, path: '/run/netns/none-of-this-name' };
  expect(machine.networkIn(none)).toMatchObject({ known: false, because: 'vanished' });
  expect(await readStack(machine, none)).toMatchObject({ known: false });
});
