/** What rules make of long packets, whose short ones passed. */
import { expect, test } from 'vitest';
import { endOfLong } from '../../src/kernel/by-length.ts';
import type { Rule } from '../../src/model/evidence.ts';
import { iptables, nft } from '../causes/rules-of.ts';

const packet = {
  source: '10.88.0.2',
  destination: '10.88.0.1',
  in: 'br0',
  out: null,
  proto: 'tcp',
  sourcePort: 40000,
  destinationPort: 9000,
  state: 'established',
  length: 1500,
  isLocal: () => false,
} as const;

const ended = (rules: readonly Rule[]) => {
  const end = endOfLong(rules, packet, 'input');
  return end && `${end.sure ? '' : 'perhaps '}${end.rule.text}`;
};
const LONG = '-A INPUT -p tcp -m length --length 1000:65535 -j DROP';

test.each([
  ['a rule for TCP', LONG, LONG],
  [
    'one of a chain that is called for long ones',
    `-A INPUT -m length --length 1000: -j L\n-A L -p tcp -j DROP`,
    '-A L -p tcp -j DROP',
  ],
  [
    'one behind a rule that drops what cannot be told: the short ones passed that',
    `-A INPUT -m mark --mark 0x1 -j DROP\n${LONG}`,
    LONG,
  ],
  ['one behind a rule for another state', `-A INPUT -m conntrack --ctstate INVALID -j DROP\n${LONG}`, LONG],
  ['one that may be behind an ACCEPT', `-A INPUT -m mark --mark 0x1 -j ACCEPT\n${LONG}`, `perhaps ${LONG}`],
  [
    'one that asks what cannot be told',
    `-A INPUT -m length --length 1000: -m limit --limit 5/s -j DROP`,
    'perhaps -A INPUT -m length --length 1000: -m limit --limit 5/s -j DROP',
  ],
  [
    'one that ends what a connection carries behind so much of it',
    '-A INPUT -p tcp -m connbytes --connbytes 5000: --connbytes-dir both --connbytes-mode bytes -j DROP',
    'perhaps -A INPUT -p tcp -m connbytes --connbytes 5000: --connbytes-dir both --connbytes-mode bytes -j DROP',
  ],
  [
    'none behind an ACCEPT',
    `-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n${LONG}`,
    undefined,
  ],
  [
    'none for lengths that a full segment has not',
    '-A INPUT -p tcp -m length --length 0:30 -j DROP\n-A INPUT -m length --length 1501:65535 -j DROP',
    undefined,
  ],
  [
    'none for another protocol, port or interface',
    '-A INPUT -p udp -m length --length 1000: -j DROP\n-A INPUT -p tcp --dport 80 -m length --length 1000: -j DROP\n-A INPUT -i br1 -m length --length 1000: -j DROP',
    undefined,
  ],
  ['none that only counts', '-A INPUT -m length --length 1000: -j LOG', undefined],
  ['none that would have ended short ones too', '-A INPUT -p tcp -j DROP', undefined],
  [
    'one before another that would have ended short ones',
    `${LONG}\n-A INPUT -p tcp -j DROP`,
    `perhaps ${LONG}`,
  ],
  ['none behind what a program is asked', `-A INPUT -j NFQUEUE --queue-num 1\n${LONG}`, `perhaps ${LONG}`],
])('%s', (_, text, expected) => {
  expect(ended(iptables(text))).toBe(expected);
});

const input = (text: string) => nft(text, { hook: 'input', chain: 'in', family: 'inet' });
test.each([
  ['tcp dport 9000 meta length > 900 drop', true],
  ['meta length >= 1500 counter packets 3 bytes 4500 drop', true],
  ['meta length 900-1500 reject', true],
  ['meta length != 0-1499 drop', true],
  ['ip length { 1500 } drop', true],
  ['meta length < 900 drop', false],
  ['meta length > 1500 drop', false],
  ['tcp sport 9001 meta length > 900 drop', false],
  ['udp dport 9000 meta length > 900 drop', false],
  ['meta length > 900 accept', false],
])('nft: %s', (text, expected) => {
  expect(ended([input(text)])).toBe(expected ? text : undefined);
});

test('nft ends a connection behind so many bytes of it, and lets others be', () => {
  expect(ended([input('tcp dport 9000 ct bytes > 100000 drop')])).toMatch(/^perhaps /);
  expect(ended([input('tcp dport 9001 ct bytes > 100000 drop')])).toBeUndefined();
  expect(ended([input('ct bytes > 100000 counter')])).toBeUndefined();
});

test('what a map of states lets pass comes to no rule behind it', () => {
  const drop = { ...input('meta length > 900 drop'), number: 2 };
  const map = (text: string) => ended([input(`ct state vmap { ${text} }`), drop]);
  expect(map('invalid : drop, established : accept, related : accept')).toBeUndefined();
  expect(map('invalid : drop, new : accept')).toBe(drop.text);
  expect(map('established : jump others, new : accept')).toBe(`perhaps ${drop.text}`);
});

test('a policy that long ones alone come to', () => {
  const [accept] = iptables('-A INPUT -m length --length 0:900 -j ACCEPT');
  const policy = { ...accept!, number: null, text: '-P INPUT DROP', verdict: 'drop' };
  expect(ended([accept!, policy])).toBe('-P INPUT DROP');
  expect(ended([policy])).toBeUndefined();
});
