import { describe, expect, it } from 'vitest';
import { run } from '../../src/model/fix.ts';
import { sysctlFile } from '../../src/repair/observe/sysctl.ts';
import { subjectOf } from '../../src/repair/subjects.ts';

const what = (line: string): string | null =>
  subjectOf(run(line.split(' ') as [string, ...string[]]))?.what ?? null;

describe('what a command touches', () => {
  it.each([
    ['sysctl -w net.ipv4.ip_forward=1', 'net.ipv4.ip_forward'],
    ['sysctl -qw a.b=1 c.d=2', 'a.b, c.d'],
    ['ip link set dev eth0 up', 'interface eth0'],
    ['ip link set vetha master br0', 'interface vetha'],
    ['ip l set vetha nomaster', 'interface vetha'],
    ['ip link set br0 type bridge stp_state 0', 'interface br0'],
    ['ip -6 addr add fd00::1/64 dev br0', 'interface br0'],
    ['ip a del 10.0.0.1/24 dev br0', 'interface br0'],
    ['ip link add mvh link up0 type macvlan mode bridge', 'interface mvh'],
    ['bridge link set dev vetha isolated off', 'interface vetha'],
    ['bridge vlan add dev vetha vid 1 pvid untagged', 'interface vetha'],
    ['bridge fdb del 02:00:00:00:00:01 dev vetha master', 'interface vetha'],
    ['ip route add default via 10.0.0.1', 'routes to default in table main'],
    ['ip ro replace 0.0.0.0/0 via 10.0.0.1 table 52', 'routes to default in table 52'],
    ['ip route del blackhole 198.51.100.0/24', 'routes to 198.51.100.0/24 in table main'],
    ['ip -6 route add default via fd00::1', 'routes to default in table main'],
    ['ip rule add pref 5 to 10.0.0.0/8 lookup main', 'policy routing rules (IPv4)'],
    ['ip -6 rule del pref 5', 'policy routing rules (IPv6)'],
    ['ip neigh del 10.0.0.2 dev br0', 'neighbour 10.0.0.2 on br0'],
    ['ip neigh flush dev br0', 'neighbours on br0'],
    ['ip -6 neigh add proxy 2001:db8::1 dev up0', 'proxy entry 2001:db8::1 on up0'],
    ['iptables -t nat -A POSTROUTING -j MASQUERADE', 'chain POSTROUTING of iptables table nat'],
    ['ip6tables -I FORWARD 2 -j ACCEPT', 'chain FORWARD of ip6tables table filter'],
    ['iptables-legacy -P FORWARD ACCEPT', 'chain FORWARD of iptables-legacy table filter'],
    ['ebtables --delete FORWARD 1', 'chain FORWARD of ebtables table filter'],
    ['nft delete rule inet f c handle 7', 'chain c of table inet f'],
    ['nft add rule f c drop', 'chain c of table ip f'],
    ['nft add element inet f s {10.0.0.1}', 'set s of table inet f'],
    ['nft delete table inet f', 'table inet f'],
    ['tc qdisc del dev vetha root', 'traffic control of vetha'],
    ['tc filter del dev vetha ingress', 'traffic control of vetha'],
    ['ip xfrm policy delete src 10.0.0.0/8 dst 10.0.0.0/8 dir fwd', 'IPsec policies'],
    ['ethtool -K up0 tx off', 'offloads of up0'],
    ['modprobe br-netfilter', 'kernel module br_netfilter'],
    ['docker network connect back web', 'networks of container web'],
    ['docker --host unix:///x network disconnect back web', 'networks of container web'],
    ['conntrack -D -p udp', 'connection-tracking entries'],
    ['bpftool cgroup detach /sys/fs/cgroup/x egress id 7', 'programs of cgroup /sys/fs/cgroup/x'],
  ])('%s', (line, expected) => {
    expect(what(line)).toBe(expected);
  });

  it.each([
    'systemctl restart docker',
    'ip link',
    'sysctl -a',
    'nft list ruleset',
    'docker restart web',
    'sh -c true',
  ])('is unknown: %s', (line) => {
    expect(what(line)).toBeNull();
  });
});

it.each([
  ['net.ipv4.ip_forward', '/proc/sys/net/ipv4/ip_forward'],
  ['net.ipv4.conf.eth0/100.rp_filter', '/proc/sys/net/ipv4/conf/eth0.100/rp_filter'],
  ['net/ipv4/ip_forward', '/proc/sys/net/ipv4/ip_forward'],
])('the file of %s', (key, file) => {
  expect(sysctlFile(key)).toBe(file);
});
