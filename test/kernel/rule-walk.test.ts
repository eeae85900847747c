/** Which rule of a hook ends a packet, chain by chain. */
import { expect, test } from 'vitest';
import type { Packet } from '../../src/kernel/rule-clauses.ts';
import { endingRules, sureEnd } from '../../src/kernel/rule-walk.ts';
import type { Rule } from '../../src/model/evidence.ts';
import { iptables, nft } from '../causes/rules-of.ts';

const packet: Packet = {
  source: '0.0.0.0',
  destination: '255.255.255.255',
  in: 'br0',
  out: null,
  proto: 'udp',
  sourcePort: 68,
  destinationPort: 67,
  state: 'new',
  isLocal: () => false,
};

const policy = (verdict: string, about: Partial<Rule> = {}): Rule => ({
  ...iptables('-A INPUT -j X')[0]!,
  number: null,
  text: `-P INPUT ${verdict.toUpperCase()}`,
  verdict,
  ...about,
});
const ends = (rules: readonly Rule[]) => sureEnd(rules, packet, 'input')?.text;

const DROP = '-A OTHER -j DROP';
test.each([
  ['a rule', '-A INPUT -p udp --dport 67 -j DROP', '-A INPUT -p udp --dport 67 -j DROP'],
  ['a rule of a chain that is called', `-A INPUT -i br0 -j OTHER\n${DROP}`, DROP],
  ['no rule behind a RETURN', `-A INPUT -j OTHER\n-A OTHER -p udp --dport 67 -j RETURN\n${DROP}`, undefined],
  [
    'no rule that may be behind one',
    `-A INPUT -j OTHER\n-A OTHER -m owner --uid-owner 7 -j RETURN\n${DROP}`,
    undefined,
  ],
  [
    'no rule of a chain that is listed first and called behind an ACCEPT',
    `-A INPUT -j FIRST\n-A INPUT -j OTHER\n${DROP}\n-A FIRST -p udp -j ACCEPT`,
    undefined,
  ],
  ['no rule of a chain that nobody calls', DROP, undefined],
  [
    'no rule behind what a program is asked',
    '-A INPUT -j NFQUEUE --queue-num 1\n-A INPUT -j DROP',
    undefined,
  ],
  [
    'a rule behind one for packets of other states',
    `-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n-A INPUT -m conntrack ! --ctstate NEW -j ACCEPT\n-A INPUT -j REJECT`,
    '-A INPUT -j REJECT',
  ],
  [
    'a rule behind the exceptions of ufw that it is none of',
    `-A INPUT -m addrtype --dst-type LOCAL -j RETURN\n-A INPUT -m addrtype --dst-type MULTICAST -j RETURN\n-A INPUT -j DROP`,
    '-A INPUT -j DROP',
  ],
  [
    'no rule behind the exception of ufw for what is for everybody',
    `-A INPUT -m addrtype --dst-type BROADCAST -j RETURN\n-A INPUT -j DROP`,
    undefined,
  ],
])('%s ends it', (_, text, wanted) => {
  expect(ends(iptables(text))).toBe(wanted);
});

test('the policy of the chain ends what came to its end, and of its family alone', () => {
  const other = iptables('-A INPUT -p tcp -j ACCEPT');
  expect(ends([...other, policy('drop')])).toBe('-P INPUT DROP');
  expect(ends([...other, policy('accept')])).toBeUndefined();
  expect(ends([...other, policy('drop', { family: 'ip6' })])).toBeUndefined();
  expect(ends([...iptables('-A INPUT -p udp -j ACCEPT'), policy('drop')])).toBeUndefined();
});

test('an ACCEPT of one table leaves it to the others', () => {
  expect(ends(iptables('*mangle\n-A INPUT -j ACCEPT\n*filter\n-A INPUT -j DROP'))).toBe('-A INPUT -j DROP');
});

test.each([
  ['of states', 'ct state vmap { established : accept, invalid : drop }', 'drop'],
  ['of states, the first packet too', 'ct state vmap { new : accept, invalid : drop }', undefined],
  ['of interfaces', 'iifname vmap { "br0" : accept }', undefined],
  ['that has a name', 'iifname vmap @doors', undefined],
])('a verdict map %s', (_, text, wanted) => {
  const of = (each: string, number: number): Rule => nft(each, { hook: 'input', number });
  expect(ends([of(text, 1), of('drop', 2)])).toBe(wanted);
});

test('of those that may end it the ones that it surely comes to are told apart', () => {
  const text = `-A OUTPUT -m owner --uid-owner 7 -j DROP\n-A OUTPUT -j OTHER\n-A OTHER -p tcp -j RETURN\n${DROP}\n-A OUTPUT -j REJECT`;
  const told = (about: Partial<Packet>) =>
    endingRules(iptables(text), { ...packet, ...about }, 'output').map(({ rule, sure }) => [rule.text, sure]);
  expect(told({})).toEqual([
    ['-A OUTPUT -m owner --uid-owner 7 -j DROP', false],
    [DROP, true],
  ]);
  expect(told({ proto: 'tcp' })).toEqual([
    ['-A OUTPUT -m owner --uid-owner 7 -j DROP', false],
    ['-A OUTPUT -j REJECT', true],
  ]);
});

test('ICMP of IPv6 is another protocol than that of IPv4', () => {
  const solicitation: Packet = {
    ...{ ...packet, source: 'fe80::2', destination: 'ff02::1:ff00:1', proto: 'icmp' },
    ...{ sourcePort: null, destinationPort: null, state: 'untracked' },
  };
  const at = { family: 'inet', table: 'own', chain: 'in', hook: 'input' };
  const chain = (words: string) => [
    nft('ct state established,related accept', { ...at, number: 1, verdict: 'accept' }),
    nft(`meta l4proto ${words} accept`, { ...at, number: 2, verdict: 'accept' }),
    nft('policy drop', { ...at, number: null, verdict: 'drop' }),
  ];
  expect(sureEnd(chain('icmp'), solicitation, 'input')?.text).toBe('policy drop');
  expect(sureEnd(chain('ipv6-icmp'), solicitation, 'input')).toBeUndefined();
});
