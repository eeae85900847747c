/** Every kind of change is made on a lab host and taken back: the configuration must be the one before, to the letter. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Machine } from '../../../src/host/machine.ts';
import { type Change, type Fix, run } from '../../../src/model/fix.ts';
import { apply } from '../../../src/repair/apply.ts';
import { Journal } from '../../../src/repair/journal/journal.ts';
import { identity } from '../../../src/repair/journal/place.ts';
import { undo } from '../../../src/repair/undo.ts';
import { hostedMachine } from '../hosted-machine.ts';
import { Lab } from '../lab.ts';
import { listingOf } from '../listing.ts';
import type { Place } from '../names.ts';

let lab: Lab;
let machine: Machine;

beforeEach(async () => {
  lab = await Lab.up({ ipv6: true });
  machine = hostedMachine(lab);
});
afterEach(() => lab?.down());

interface Case {
  readonly name: string;
  /** Bash that brings the fault about. */
  readonly fault?: readonly { in: Place; sh: string }[];
  readonly at?: Place;
  readonly apply: readonly string[];
  readonly undo: readonly string[];
}

const GUARD = {
  in: 'host',
  sh: `nft -f - <<'N'
table inet guard {
  set banned { type ipv4_addr; elements = { 10.88.0.2, 10.88.0.9 } }
  chain f { type filter hook forward priority 5; policy accept;
    ip saddr 10.1.0.0/16 counter accept
    ip saddr @banned drop
    tcp dport { 80, 443 } log prefix "x y" accept
  }
}
N`,
} as const;

const CASES: Case[] = [
  {
    name: 'forwarding, with interfaces that had their own',
    fault: [
      {
        in: 'host',
        sh: 'sysctl -qw net.ipv4.ip_forward=0; sysctl -qw net.ipv4.conf.br0.forwarding=1 net.ipv4.conf.all.accept_redirects=0',
      },
    ],
    apply: ['sysctl -w net.ipv4.ip_forward=1'],
    undo: ['sysctl -w net.ipv4.ip_forward=0'],
  },
  {
    name: 'IPv6 forwarding',
    fault: [{ in: 'host', sh: 'sysctl -qw net.ipv6.conf.all.forwarding=0 net.ipv6.conf.up0.forwarding=1' }],
    apply: ['sysctl -w net.ipv6.conf.all.forwarding=1'],
    undo: ['sysctl -w net.ipv6.conf.all.forwarding=0'],
  },
  {
    name: 'an interface that went down with its routes',
    fault: [{ in: 'A', sh: 'ip link set eth0 down' }],
    at: 'A',
    apply: ['ip link set eth0 up', 'ip route replace default via 10.88.0.1'],
    undo: ['ip link set eth0 down'],
  },
  {
    name: 'an interface taken down that was up, with routes of other tables and IPv6',
    fault: [
      {
        in: 'A',
        sh: 'ip route add 203.0.113.0/24 via 10.88.0.1 metric 7; ip route add default via 10.88.0.1 table 7; ip -6 route add 2001:db8:7::/48 via fd00:88::1',
      },
    ],
    at: 'A',
    apply: ['ip link set eth0 down'],
    undo: ['ip link set eth0 up'],
  },
  {
    name: 'a port put into another bridge',
    fault: [
      {
        in: 'host',
        sh: 'bridge link set dev vetha hairpin on; bridge fdb add 02:00:00:00:77:77 dev vetha master static',
      },
    ],
    apply: ['ip link set vetha master br1'],
    undo: ['ip link set vetha master br0'],
  },
  {
    name: 'addresses in their order',
    fault: [{ in: 'host', sh: 'ip addr add 10.88.0.7/24 dev br0; ip addr add 10.88.0.8/24 dev br0' }],
    apply: ['ip addr del 10.88.0.1/24 dev br0', 'ip addr add 10.88.0.9/24 dev br0'],
    undo: ['ip addr add 10.88.0.1/24 dev br0', 'ip addr del 10.88.0.9/24 dev br0'],
  },
  {
    name: 'a default route replaced, with its metric and protocol',
    fault: [{ in: 'host', sh: 'ip route replace default via 192.0.2.2 proto static metric 0 src 192.0.2.1' }],
    apply: ['ip route replace default via 192.0.2.9 dev up0'],
    undo: ['ip route replace default via 192.0.2.2'],
  },
  {
    name: 'a blackhole removed',
    fault: [{ in: 'host', sh: 'ip route add blackhole 198.51.100.0/24 metric 3' }],
    apply: ['ip route del blackhole 198.51.100.0/24'],
    undo: ['ip route add blackhole 198.51.100.0/24'],
  },
  {
    name: 'policy rules of one priority',
    fault: [
      {
        in: 'host',
        sh: 'ip rule add pref 500 fwmark 1 lookup 5; ip rule add pref 500 fwmark 2 lookup 6; ip rule add pref 500 to 10.0.0.0/8 prohibit',
      },
    ],
    apply: ['ip rule del pref 500 fwmark 0x2 lookup 6'],
    undo: ['ip rule add pref 500 fwmark 2 lookup 6'],
  },
  {
    name: 'a permanent neighbour',
    fault: [{ in: 'host', sh: 'ip neigh replace 10.88.0.2 lladdr 02:de:ad:00:00:02 dev br0 nud permanent' }],
    apply: ['ip neigh del 10.88.0.2 dev br0'],
    undo: ['ip neigh replace 10.88.0.2 lladdr 02:de:ad:00:00:02 dev br0 nud permanent'],
  },
  {
    name: 'a proxy entry',
    apply: ['ip -6 neigh add proxy 2001:db8::a2 dev up0', 'sysctl -w net.ipv6.conf.up0.proxy_ndp=1'],
    undo: ['ip -6 neigh del proxy 2001:db8::a2 dev up0', 'sysctl -w net.ipv6.conf.up0.proxy_ndp=0'],
  },
  {
    name: 'a rule in the middle of a chain, with a comment and matches',
    fault: [
      {
        in: 'host',
        sh: 'iptables -I FORWARD 2 -s 10.88.0.2 -p tcp -m multiport --dports 80,443 -m comment --comment "it\'s a \\"test\\"" -j DROP',
      },
    ],
    apply: ['iptables -t filter -D FORWARD 2'],
    undo: ['iptables -t filter -I FORWARD 2 -s 10.88.0.2 -p tcp -m multiport --dports 80,443 -j DROP'],
  },
  {
    name: "a chain's policy",
    apply: ['iptables -t filter -P FORWARD ACCEPT'],
    undo: ['iptables -t filter -P FORWARD DROP'],
  },
  {
    name: 'the first rule of a table that was not there',
    apply: ['ip6tables -t mangle -A FORWARD -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --set-mss 1300'],
    undo: ['ip6tables -t mangle -D FORWARD -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --set-mss 1300'],
  },
  {
    name: 'an ebtables rule',
    fault: [
      {
        in: 'host',
        sh: 'ebtables -A FORWARD -s 02:42:0a:58:00:b3 -j ACCEPT; ebtables -I FORWARD -s 02:42:0a:58:00:a2 -j DROP',
      },
    ],
    apply: ['ebtables -t filter -D FORWARD -s 02:42:0a:58:00:a2 -j DROP'],
    undo: ['ebtables -t filter -A FORWARD -s 02:42:0a:58:00:a2 -j DROP'],
  },
  {
    name: 'a native nft rule between others',
    fault: [GUARD],
    apply: ['nft delete rule inet guard f handle 6'],
    undo: [],
  },
  {
    name: 'an element of an nft set',
    fault: [GUARD],
    apply: ['nft delete element inet guard banned {10.88.0.2}'],
    undo: ['nft add element inet guard banned {10.88.0.2}'],
  },
  {
    name: 'a policy of an nft chain',
    fault: [GUARD],
    apply: ['nft chain inet guard f {policy~drop;}'],
    undo: ['nft chain inet guard f {policy~accept;}'],
  },
  { name: 'a whole nft table', fault: [GUARD], apply: ['nft delete table inet guard'], undo: [] },
  {
    name: 'settings of a bridge and its port',
    fault: [
      {
        in: 'host',
        sh: 'bridge link set dev vetha mcast_flood off; ip link set br0 type bridge mcast_querier 1',
      },
    ],
    apply: ['bridge link set dev vetha isolated on', 'ip link set br0 type bridge mcast_snooping 0'],
    undo: [],
  },
  {
    name: 'a forwarding entry that no frame moves',
    fault: [{ in: 'host', sh: 'bridge fdb replace 02:42:0a:58:00:a2 dev vethb master static sticky' }],
    apply: ['bridge fdb del 02:42:0a:58:00:a2 dev vethb master'],
    undo: [],
  },
  {
    name: 'MTU and MAC',
    apply: ['ip link set vetha mtu 1400', 'ip link set br1 address 02:00:00:00:00:55'],
    undo: [],
  },
  {
    name: 'an IPsec policy',
    fault: [
      { in: 'host', sh: 'ip xfrm policy add src 10.88.0.0/24 dst 198.51.100.0/24 dir fwd action block' },
    ],
    apply: ['ip xfrm policy delete src 10.88.0.0/24 dst 198.51.100.0/24 dir fwd'],
    undo: ['ip xfrm policy add src 10.88.0.0/24 dst 198.51.100.0/24 dir fwd action block'],
  },
  { name: 'offloads', apply: ['ethtool -K vetha tx off'], undo: [] },
  {
    name: 'a new interface',
    apply: [
      'ip link add mvh link up0 type macvlan mode bridge',
      'ip addr add 192.0.2.60/32 dev mvh',
      'ip link set mvh up',
      'ip route add 192.0.2.50/32 dev mvh',
    ],
    undo: ['ip link del mvh'],
  },
  {
    name: 'a shaper',
    fault: [{ in: 'host', sh: 'tc qdisc replace dev vetha root tbf rate 1mbit burst 10kb latency 70ms' }],
    apply: ['tc qdisc del dev vetha root'],
    undo: [],
  },
  {
    name: 'a shaper that lets next to nothing through',
    fault: [{ in: 'host', sh: 'tc qdisc replace dev vetha root tbf rate 8bit burst 20b limit 19b' }],
    apply: ['tc qdisc del dev vetha root'],
    undo: [],
  },
  {
    name: 'a queue counted in packets',
    fault: [{ in: 'host', sh: 'tc qdisc replace dev vetha root pfifo limit 7' }],
    apply: ['tc qdisc del dev vetha root'],
    undo: [],
  },
  {
    name: 'a clsact qdisc',
    apply: ['tc qdisc add dev vetha clsact'],
    undo: ['tc qdisc del dev vetha clsact'],
  },
];

/** `~` stands for a blank inside an argument. */
const change = (line: string, at?: Place): Change => {
  const argv = line.split(' ').map((word) => word.replaceAll('~', ' ')) as [string, ...string[]];
  if (!at) return run(argv);
  const netns = machine.netns(lab.namespace(at));
  if (!netns.known) throw new Error(netns.detail);
  return run(argv, netns.value);
};

const fixOf = (one: Case): Fix => ({
  title: one.name,
  risk: 'safe',
  lasts: 'until reboot',
  apply: one.apply.map((line) => change(line, one.at)),
  undo: one.undo.map((line) => change(line, one.at)),
});

const ABOUT = { cause: null, target: null, rollbackAfter: null };

describe('a change and its way back', () => {
  it.each(CASES)('$name', async (one) => {
    for (const step of one.fault ?? []) expect(await lab.step(step)).toMatchObject({ exitCode: 0 });
    const before = await listingOf(lab, ['host', 'A']);
    const journal = new Journal(machine);
    const { entry, failure } = await apply(machine, journal, fixOf(one), ABOUT);
    expect(failure).toBeNull();
    expect(await listingOf(lab, ['host', 'A']), 'the change changes something').not.toEqual(before);
    const result = await undo(machine, journal, entry, identity(machine));
    expect(result, JSON.stringify(result.entry.notes)).toMatchObject({ kind: 'undone' });
    expect(await listingOf(lab, ['host', 'A'])).toEqual(before);
    expect((await undo(machine, journal, result.entry, identity(machine))).kind).toBe('nothing');
    expect(await listingOf(lab, ['host', 'A'])).toEqual(before);
  });
});
