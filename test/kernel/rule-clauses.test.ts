import { describe, expect, it } from 'vitest';
import { endpoint } from '../../src/kernel/nat-rules.ts';
import { meets, reaches } from '../../src/kernel/rule-chain.ts';
import { clausesOf, fits, type Packet } from '../../src/kernel/rule-clauses.ts';
import { iptables, nft } from '../causes/rules-of.ts';

const packet: Packet = {
  source: '10.88.0.2',
  destination: '198.51.100.1',
  in: 'br0',
  out: 'up0',
  proto: 'tcp',
  sourcePort: 40000,
  destinationPort: 80,
  isLocal: (address) => address.startsWith('192.0.2.'),
};

const line = (text: string) => clausesOf(iptables(`-A FORWARD ${text}`)[0]!);
const native = (text: string) => clausesOf(nft(text));

describe('an iptables line', () => {
  it.each([
    ['-j DROP', true],
    ['-s 10.88.0.0/24 -j DROP', true],
    ['! -s 10.88.0.0/24 -j DROP', false],
    ['-s 10.89.0.0/24 -j DROP', false],
    ['-s 10.88.0.2 -j DROP', true],
    ['-i br+ -o up0 -j DROP', true],
    ['-i br0 ! -o br0 -j MASQUERADE', true],
    ['! -i br0 -j DROP', false],
    ['-p tcp -m tcp --dport 80 -j DROP', true],
    ['-p tcp -m multiport --dports 22,80 -j DROP', true],
    ['-p tcp -m tcp --dport 1:1024 -j DROP', true],
    ['-p tcp -m tcp ! --dport 80 -j DROP', false],
    ['-p udp -m udp --dport 80 -j DROP', false],
    ['-m addrtype --dst-type LOCAL -j DOCKER', false],
    ['-m comment --comment "a -s 1.2.3.4 note" -j DROP', true],
    ['-m statistic --mode nth --every 2 -j DROP', null],
    ['-m owner --gid-owner 5000 --suppl-groups -j DROP', null],
    ['-m set --match-set bad src -j DROP', null],
    ['-p udp -m set --match-set bad src -j DROP', false],
    ['-s 2001:db8::/64 -j DROP', false],
  ])('%s', (text, answer) => {
    expect(fits(line(text), packet)).toBe(answer);
  });

  it('keeps what the target was told', () => {
    expect(line('-j DNAT --to-destination 10.88.0.2:80')).toMatchObject({
      target: 'DNAT',
      argument: '10.88.0.2:80',
    });
    expect(line('-j NFQUEUE --queue-num 9 --queue-bypass')).toMatchObject({
      argument: '9',
      options: ['bypass'],
    });
    expect(line('-j CT --notrack')).toMatchObject({ target: 'CT', options: ['notrack'] });
  });
});

describe('what is asked of neighbour discovery, and of the way back', () => {
  const advertisement: Packet = {
    ...packet,
    source: 'fd00:88::3',
    destination: 'fd00:88::2',
    proto: 'icmp',
    icmpType: 136,
    state: 'untracked',
    hasWayBack: (dev) => dev === null,
  };
  it.each([
    ['icmpv6 type { nd-router-advert, nd-neighbor-solicit } accept', false],
    ['icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept', true],
    ['icmpv6 type 136 accept', true],
    ['icmpv6 type nobody-knows accept', null],
    ['icmp type echo-request accept', false],
    ['meta nfproto ipv6 drop', true],
    ['meta nfproto ipv4 drop', false],
    ['fib saddr . mark . iif oif missing counter packets 3 bytes 216 drop', true],
    ['fib saddr . iif oif exists accept', false],
    ['fib saddr . iif oif 0 drop', true],
    ['fib saddr . iif oif != 0 drop', false],
    ['fib saddr . iif check missing drop', true],
    ['fib saddr . iif check exists drop', false],
    ['fib saddr oif missing drop', false],
    ['fib saddr . iif oif missing iifname "up0" drop', false],
  ])('%s', (text, answer) => {
    expect(fits(native(text), advertisement)).toBe(answer);
  });

  it.each([
    ['-p ipv6-icmp -m icmp6 --icmpv6-type 136 -j DROP', true],
    ['-p ipv6-icmp -m icmp6 --icmpv6-type 135 -j DROP', false],
    ['-m rpfilter --validmark --invert -j DROP', true],
    ['-m rpfilter -j ACCEPT', false],
    ['-m rpfilter --loose --invert -j DROP', false],
    ['-m rpfilter --invert -i up0 -j DROP', false],
  ])('%s', (text, answer) => {
    expect(fits(line(text), advertisement)).toBe(answer);
  });

  it('cannot be said of a packet of which nobody looked that up', () => {
    expect(fits(native('fib saddr . iif oif missing drop'), packet)).toBeNull();
    expect(fits(native('icmpv6 type echo-request accept'), packet)).toBe(false);
    expect(fits(line('-m rpfilter --invert -j DROP'), packet)).toBeNull();
  });
});

describe('an nft rule', () => {
  it.each([
    ['counter packets 3 bytes 180 drop', true],
    ['ip saddr 10.88.0.0/24 oifname != "br0" masquerade', true],
    ['ip saddr != 10.88.0.0/24 drop', false],
    ['iifname { "br0", "br1" } tcp dport { 80, 443 } accept', true],
    ['tcp dport 1-1024 drop', true],
    ['udp dport 80 drop', false],
    ['meta l4proto udp drop', false],
    ['fib daddr type local jump DOCKER', false],
    ['ip saddr @bad drop', null],
    ['meta mark 0x1 drop', null],
    ['meta mark set meta mark | 0x00004000 drop', true],
    ['meta mark set 0x7 ip saddr 10.88.0.0/24 drop', true],
    ['meta mark set ct mark drop', true],
    ['ct mark set meta mark drop', true],
    ['ct mark set ct mark | 0x00000001 drop', true],
    ['ct mark set 0x00000001 meta mark set ct mark ip saddr 10.88.0.0/24 drop', true],
    ['ct mark 0x00000001 drop', null],
    ['ct mark set ip saddr map @marks drop', null],
    ['meta mark set ip saddr map @marks drop', null],
    ['iifname "br*" drop comment "why not"', true],
  ])('%s', (text, answer) => {
    expect(fits(native(text), packet)).toBe(answer);
  });

  it('spells its target as iptables does', () => {
    expect(native('tcp dport 8080 dnat to 10.88.0.2:80')).toMatchObject({
      target: 'DNAT',
      argument: '10.88.0.2:80',
    });
    expect(native('jump DOCKER')).toMatchObject({ target: 'DOCKER' });
    expect(native('queue flags bypass to 9')).toMatchObject({ target: 'NFQUEUE', options: ['bypass'] });
    expect(native('iifname "br0" notrack')).toMatchObject({ options: ['notrack'] });
  });
});

it.each([
  ['10.0.0.2:80', { address: '10.0.0.2', port: 80 }],
  ['10.0.0.2', { address: '10.0.0.2', port: null }],
  ['[fd00::2]:80', { address: 'fd00::2', port: 80 }],
  ['fd00::2', { address: 'fd00::2', port: null }],
  [':80', { address: null, port: 80 }],
  ['3128', { address: null, port: 3128 }],
  ['tcp dport map @m', { address: null, port: null }],
])('reads the end point %s', (text, answer) => {
  expect(endpoint(text)).toEqual(answer);
});

describe('reaching a chain', () => {
  const rules = iptables(
    '*nat\n-A PREROUTING -i br0 -j OUTER\n-A OUTER -p tcp -j INNER\n-A INNER -p tcp --dport 80 -j DNAT --to-destination 10.0.0.1\n-A LONE -j DROP\n-A LOOP -j LOOP',
  );
  const named = (chain: string) => rules.find((rule) => rule.chain === chain)!;

  it('goes up the calls to a base chain of the right hook', () => {
    expect(meets(rules, named('INNER'), packet, 'prerouting')).toBe(true);
    expect(meets(rules, named('INNER'), packet, 'output')).toBe(false);
    expect(meets(rules, named('INNER'), { ...packet, in: 'br1' }, 'prerouting')).toBe(false);
    expect(meets(rules, named('INNER'), { ...packet, destinationPort: 81 }, 'prerouting')).toBe(false);
  });

  it('finds none in a table of the other family, or of frames', () => {
    const six = { ...packet, source: 'fd00:88::2', destination: '2001:db8::1' };
    const [own] = iptables('-A FORWARD -j DROP', 'ip6');
    expect([meets([own!], own!, six, 'forward'), meets([own!], own!, packet, 'forward')]).toEqual([
      true,
      false,
    ]);
    const both = nft('drop', { hook: 'forward', family: 'inet' });
    expect([six, packet].map((one) => meets([both], both, one, 'forward'))).toEqual([true, true]);
    const frames = nft('drop', { hook: 'forward', family: 'bridge' });
    expect(meets([frames], frames, packet, 'forward')).toBe(false);
  });

  it('cannot say where a verdict map of nft leads', () => {
    const [map, rule, other] = [
      { chain: 'filter-FORWARD', hook: 'prerouting', text: 'oifname vmap @jumps' },
      { chain: 'in__br0', hook: null, text: 'counter drop' },
      { chain: 'in__br0', table: 'another', hook: null, text: 'counter drop' },
    ].map((one) => ({ ...named('LONE'), engine: 'nft' as const, verdict: 'drop', ...one }));
    expect(reaches([map!, rule!, other!], rule!, packet, 'prerouting')).toBeNull();
    expect(reaches([map!, rule!, other!], rule!, packet, 'output')).toBe(false);
    expect(reaches([map!, rule!, other!], other!, packet, 'prerouting')).toBe(false);
  });

  it('knows chains that nobody calls, or only themselves', () => {
    expect(reaches(rules, named('LONE'), packet, 'prerouting')).toBe(false);
    expect(reaches(rules, named('LOOP'), packet, 'prerouting')).toBe(false);
  });
});

describe('the groups of who made the socket: xt_owner', () => {
  const sender = { ...packet, uid: 1234, gid: 1234, groups: [77, 5000] };
  const by = (text: string, one: Packet = sender) => fits(line(`-m owner ${text} -j DROP`), one);
  it.each([
    ['--gid-owner 5000', false],
    ['--gid-owner 1234', true],
    ['--gid-owner 5000 --suppl-groups', true],
    ['--gid-owner 1234 --suppl-groups', true],
    ['--gid-owner 4000-5999 --suppl-groups', true],
    ['--gid-owner 6000 --suppl-groups', false],
    ['! --gid-owner 5000 --suppl-groups', false],
    ['! --gid-owner 6000 --suppl-groups', true],
    ['--uid-owner 1234 --gid-owner 77 --suppl-groups', true],
  ])('%s: %s', (text, expected) => expect(by(text)).toBe(expected));

  it('are not known where the one is not known by which it was made', () => {
    expect(by('--gid-owner 1234', { ...sender, gid: null })).toBeNull();
    expect(by('--gid-owner 6000 --suppl-groups', { ...sender, gid: null })).toBeNull();
    expect(by('--gid-owner 5000 --suppl-groups', { ...sender, gid: null })).toBe(true);
  });
});
