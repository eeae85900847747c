/** The rule that a new flow's first packet comes to, as nf_nat asks its chains. */
import { expect, test } from 'vitest';
import type { Packet } from '../../src/kernel/rule-clauses.ts';
import { translation } from '../../src/kernel/translation.ts';
import { iptables, nft } from '../causes/rules-of.ts';

const packet: Packet = {
  source: '10.88.0.2',
  destination: '198.51.100.1',
  in: null,
  out: 'eth0',
  proto: 'tcp',
  sourcePort: 40000,
  destinationPort: 80,
  isLocal: () => false,
};

const MESH = `*nat
-A OUTPUT -p tcp -j ISTIO_OUTPUT
-A ISTIO_OUTPUT -m owner --uid-owner 1337 -j RETURN
-A ISTIO_OUTPUT -d 127.0.0.1/32 -j RETURN
-A ISTIO_OUTPUT -j ISTIO_REDIRECT
-A ISTIO_REDIRECT -p tcp -j REDIRECT --to-ports 15001
`;

const found = (text: string, about: Partial<Packet> = {}) =>
  translation(iptables(text), { ...packet, ...about }, 'output')?.rule.text;

test('chains are followed to the rule that translates, past exceptions that are for others', () => {
  expect(found(MESH)).toBe('-A ISTIO_REDIRECT -p tcp -j REDIRECT --to-ports 15001');
});

test.each([
  [
    'RETURN of the chain',
    MESH.replace('--uid-owner 1337', '--uid-owner 0').replace('-d 127.0.0.1/32', '--dport 80 -p tcp'),
  ],
  ['ACCEPT before it', MESH.replace('*nat\n', '*nat\n-A OUTPUT -p tcp --dport 80 -j ACCEPT\n')],
  ['another protocol', MESH.replace('-p tcp -j ISTIO_OUTPUT', '-p udp -j ISTIO_OUTPUT')],
  ['another hook', MESH.replace('-A OUTPUT', '-A PREROUTING')],
  ['another interface', MESH.replace('-A OUTPUT', '-A OUTPUT -o lo')],
])('it is left out by %s', (_, text) => {
  expect(found(text)).toBeUndefined();
});

test('what comes first is the one, and a table of the other family is not asked', () => {
  const first = '*nat\n-A OUTPUT -p tcp --dport 80 -j DNAT --to-destination 10.88.0.9:81\n';
  expect(found(first + MESH.slice(5))).toContain('10.88.0.9:81');
  expect(found(MESH, { source: 'fd00:88::2', destination: '2001:db8::1' })).toBeUndefined();
  expect(translation(iptables(MESH, 'ip6'), packet, 'output')).toBeUndefined();
});

test('an ACCEPT ends its own chain alone', () => {
  const filter = '*filter\n-A OUTPUT -j ACCEPT\n';
  expect(found(filter + MESH)).toContain('15001');
});

test('chains of nft are followed by their verdicts, those of a map too', () => {
  const rules = (text: string) => [
    nft(text, { chain: 'out', hook: 'output' }),
    nft('redirect to :15001', { chain: 'proxy', hook: null }),
  ];
  const to = (text: string) => translation(rules(text), packet, 'output')?.port;
  expect(to('tcp dport 80 jump proxy')).toBe(15001);
  expect(to('tcp dport vmap { 80 : goto proxy }')).toBe(15001);
  expect(to('tcp dport 443 jump proxy')).toBeUndefined();
});

test('chains that call each other end', () => {
  const loop = '*nat\n-A OUTPUT -j ONE\n-A ONE -j TWO\n-A TWO -j ONE\n';
  expect(found(loop)).toBeUndefined();
});
