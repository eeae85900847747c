import { describe, expect, it } from 'vitest';
import { leastRisk, takenAway, takes } from '../../src/fixes/risk.ts';
import { inOrder, riskOf } from '../../src/repair/choose.ts';
import { fix, lines } from './answers.ts';

describe('what a command takes away', () => {
  it.each<[string, string | null]>([
    ['iptables -t nat -D PREROUTING 1', 'a NAT rule'],
    ['iptables-legacy -t nat -F', 'a NAT rule'],
    ['iptables -t filter -D DOCKER-USER 3', 'a rule'],
    ['ip6tables -R FORWARD 1 -j ACCEPT', 'a rule'],
    ['iptables -P FORWARD ACCEPT', 'a rule'],
    ['iptables -t nat -A POSTROUTING -s 10.88.0.0/24 -j MASQUERADE', null],
    ['iptables -I FORWARD -i br0 -j ACCEPT', null],
    ['nft delete rule ip nat PREROUTING handle 7', 'a rule'],
    ['nft flush chain inet filter forward', 'a rule'],
    ['nft add rule inet filter forward iifname br0 accept', null],
    ['nft insert rule inet filter forward iifname br0 accept', null],
    ['nft chain inet filter forward { policy accept ; }', 'a policy'],
    ['ip route del default via 10.88.0.99', 'a route'],
    ['ip -6 route replace default via fd00::1', 'a route'],
    ['ip r d default', null],
    ['ip ro del default', 'a route'],
    ['ip route add 10.88.0.0/24 dev br0', null],
    ['ip rule del pref 900', 'a routing rule'],
    ['ip rule add pref 900 to 10.0.0.1 lookup main', null],
    ['ip addr del 10.88.0.1/24 dev br0', 'an address'],
    ['ip link del dev vxlan0', 'an interface'],
    ['ip link set br0 up', null],
    ['ip xfrm policy delete dir out src 10.0.0.0/8 dst 10.0.0.0/8', 'an IPsec policy'],
    ['tc filter del dev up0 ingress pref 10', 'a filter or queue'],
    ['sysctl -w net.ipv4.ip_forward=1', null],
  ])('%s', (line, taken) => {
    expect(takenAway(lines(line)[0]!)).toBe(taken);
  });
});

describe('the risk of a fix', () => {
  const of = (line: string, about = {}) => fix({ apply: lines(line), risk: 'safe', ...about });

  it('is never safe where something is taken away, whatever the cause says', () => {
    expect(riskOf(of('iptables -t nat -D PREROUTING 1'))).toBe('disruptive');
    expect(riskOf(of('ip route del 10.0.0.0/8 dev tun0'))).toBe('disruptive');
    expect(riskOf(of('sysctl -w net.ipv4.ip_forward=1'))).toBe('safe');
    expect(riskOf(of('ip route del default', { risk: 'dangerous' }))).toBe('dangerous');
  });

  it('of an address depends on whether anybody has configured it', () => {
    const add = 'ip addr add 10.88.0.2/24 dev eth0';
    expect(leastRisk(of(add))).toBe('disruptive');
    expect(leastRisk(of(add, { configured: "docker's network bridge" }))).toBe('safe');
    // A record names an address or a gateway; it takes nobody's rule away.
    expect(leastRisk(of('ip rule del pref 900', { configured: 'somebody' }))).toBe('disruptive');
  });

  it('puts what takes something away last, and keeps the order of the rest', () => {
    const [drop, accept, set] = [
      of('iptables -D FORWARD 1', { title: 'drop' }),
      of('iptables -I FORWARD -j ACCEPT', { title: 'accept' }),
      of('sysctl -w net.ipv4.ip_forward=1', { title: 'set' }),
    ];
    expect(inOrder([drop, accept, set]).map(({ title }) => title)).toEqual(['accept', 'set', 'drop']);
    expect([drop, accept, set].map(takes)).toEqual([true, false, false]);
  });
});
