/** Rules that end the full segments of a flow whose probes are answered: at which hook, which place, and what is said. */
import { expect, test } from 'vitest';
import { mayEndLong } from '../../src/kernel/by-length.ts';
import { longEnd } from '../../src/kernel/long-end.ts';
import { between } from '../../src/model/place.ts';
import { commands, examine } from './examine.ts';
import { iptables, nft } from './rules-of.ts';
import { healthy, type Lab, type Way } from './scene.ts';

function lab(way: Way, text: string, side: 'host' | 'container' = 'host'): Lab {
  const one = healthy(way);
  one.flow.proto = 'tcp';
  one.flow.port = 80;
  for (const sighting of one.sightings) {
    const isReply = sighting.kind === 'reply';
    sighting.sourcePort = isReply ? 80 : 40000;
    sighting.destinationPort = isReply ? 40000 : 80;
  }
  one.firewall[side] = (
    text.startsWith('-A') ? iptables(text) : [nft(text, { hook: 'output', chain: 'out' })]
  ) as never;
  return one;
}
const LONG = '-p tcp -m length --length 1000:65535 -j DROP';
const found = (one: Lab, bridged = false) => {
  const end = longEnd(one, one.firewall, 1500, bridged);
  return end && [end.sure, end.hook, ...between(end.place)];
};

test.each([
  ['to-host', `-A INPUT -i br0 ${LONG}`, [true, 'input', 'host/br0', null]],
  [
    'to-host',
    `-A OUTPUT -o br0 -p tcp --sport 80 -m length --length 1000: -j DROP`,
    [true, 'output', null, 'host/br0'],
  ],
  ['to-host', 'tcp sport 80 meta length > 900 drop', [true, 'output', null, 'host/br0']],
  ['outside', `-A FORWARD -i up0 ${LONG}`, [true, 'forward', 'host/up0', 'host/br0']],
  ['outside', `-A FORWARD -i br0 -o up0 -s 10.88.0.2 ${LONG}`, [true, 'forward', 'host/br0', 'host/up0']],
  ['from-outside', `-A FORWARD -d 10.88.0.2 ${LONG}`, [true, 'forward', 'host/up0', 'host/br0']],
  ['outside', `-A FORWARD -i br1 ${LONG}`, undefined],
  ['outside', `-A INPUT ${LONG}`, undefined],
  ['to-host', `-A INPUT -i br1 ${LONG}`, undefined],
  ['to-host', `-A INPUT -s 10.88.0.3 ${LONG}`, undefined],
] as const)('%s: %s', (way, text, expected) => {
  expect(found(lab(way, text))).toEqual(expected);
});

test('the rules of the container itself, on the way out and back in', () => {
  expect(found(lab('outside', `-A OUTPUT ${LONG}`, 'container'))).toEqual([
    true,
    'output',
    null,
    'container/eth0',
  ]);
  expect(found(lab('outside', `-A INPUT ${LONG}`, 'container'))).toEqual([
    true,
    'input',
    'container/eth0',
    null,
  ]);
});

test('what stays on a bridge is judged by the rules of forwarding where they are shown it', () => {
  const one = lab('sibling', `-A FORWARD -i br0 -o br0 ${LONG}`);
  expect(found(one)).toBeUndefined();
  expect(found(one, true)).toEqual([true, 'forward', 'host/vetha', 'host/vethb']);
});

test('what is not tracked has no state that a rule could ask', () => {
  const tracked = `-A INPUT -m conntrack --ctstate ESTABLISHED -i br0 ${LONG}`;
  expect(found(lab('to-host', tracked))?.[0]).toBe(true);
  const loose = `*raw\n-A PREROUTING -p udp -j CT --notrack\n*filter\n${tracked}`;
  const one = lab('to-host', tracked);
  one.firewall.host = iptables(loose) as never;
  expect(found(one)?.[0]).toBe(false);
});

test('nobody is led to a hook beside which nothing was seen', () => {
  const one = lab('to-host', `-A INPUT -i br0 ${LONG}`);
  one.sightings = one.sightings.filter(({ hop }) => hop !== 'host/br0');
  expect(found(one)).toBeUndefined();
});

test('the cause names the rule, says that it was read, and lets the flow alone pass', () => {
  const one = lab('to-host', `-A INPUT -i br0 ${LONG}`);
  expect(examine('long-packets-dropped', one)).toBeNull();
  const end = longEnd(one, one.firewall, 1500)!;
  const ended = { ...one, longEnd: end, place: end.place } as unknown as Lab;
  const claim = examine('long-packets-dropped', ended);
  expect(claim).toMatchObject({ sure: 'supported', rule: end.rule });
  expect(claim?.what).toContain('--length 1000:65535');
  expect(claim?.why).toMatch(/1500 bytes.*read from the rules/);
  expect(commands(claim).apply[0]).toMatch(
    /^iptables -t filter -I INPUT 1 -i br0 .*-p tcp --dport 80 -j ACCEPT$/,
  );
});

test('a connection of the container that stands still beside it is told', () => {
  const one = lab('to-host', `-A INPUT -i br0 ${LONG}`);
  const end = longEnd(one, one.firewall, 1500)!;
  const socket = { sourcePort: 40123, destination: '10.88.0.1', retransmits: 4 };
  const stalled = { kind: 'unacknowledged', socket, holder: { pid: 7, name: 'curl' }, since: 3200 };
  const ended = { ...one, longEnd: { ...end, stalled }, place: end.place } as unknown as Lab;
  const claim = examine('long-packets-dropped', ended);
  expect(claim?.why).toContain(
    'the program curl (pid 7) has sent there from port 40123 has not been acknowledged for 3.2 s',
  );
  expect(claim?.evidence?.[1]?.says).toBe('4 retransmissions from port 40123');
});

const carried = (packets: number, bytes: number) => ({
  original: { packets: 9, bytes: 900 },
  reply: { packets, bytes },
});
const cut = (rules: string, own = carried(140, 207_280)) => {
  const one = lab('outside', rules);
  const end = longEnd(one, one.firewall, 1500, false, { sourcePort: 40_123, carried: own });
  return end && [end.sure, end.rule.text];
};
const MUCH = '-m connbytes --connbytes 200000 --connbytes-mode bytes --connbytes-dir reply -j DROP';

test.each([
  ['what it asks is there', `-A FORWARD -p tcp ${MUCH}`, [true, `-A FORWARD -p tcp ${MUCH}`]],
  [
    'packets of both ways are counted',
    '-A FORWARD -m connbytes --connbytes 149 --connbytes-mode packets --connbytes-dir both -j DROP',
    [true, '-A FORWARD -m connbytes --connbytes 149 --connbytes-mode packets --connbytes-dir both -j DROP'],
  ],
  ['it has carried less', `-A FORWARD ${MUCH.replace('200000', '300000')}`, undefined],
  ['it went the other way', `-A FORWARD ${MUCH.replace('reply', 'original')}`, undefined],
  ['it has carried more', `-A FORWARD ${MUCH.replace('200000', '100000:200000')}`, undefined],
  ['it is for another port of the program', `-A FORWARD -p tcp --sport 5000 ${MUCH}`, undefined],
  [
    'what is open passes before it',
    `-A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT\n-A FORWARD ${MUCH}`,
    undefined,
  ],
  [
    'it asks what cannot be told besides',
    `-A FORWARD -m limit --limit 5/s ${MUCH}`,
    [false, `-A FORWARD -m limit --limit 5/s ${MUCH}`],
  ],
] as const)('what a connection has carried: %s', (_, rules, expected) =>
  expect(cut(rules)).toEqual(expected),
);

test.each([
  ['ct reply bytes > 200000 drop', true],
  ['ct bytes >= 208180 drop', true],
  ['ct original bytes > 200000 drop', false],
  ['ct packets 100-200 drop', true],
])('as nft asks it: %s', (rule, expected) => {
  const one = lab('outside', '-A FORWARD -j ACCEPT');
  one.firewall.host = [nft(rule, { hook: 'forward', chain: 'fwd' })] as never;
  const own = { sourcePort: 40_123, carried: carried(140, 207_280) };
  expect(longEnd(one, one.firewall, 1500, false, own)?.sure ?? false).toBe(expected);
});

test('the cause names the rule that ends a connection for what it has carried', () => {
  const one = lab('outside', `-A FORWARD -p tcp ${MUCH}`);
  const own = carried(140, 207_280);
  const end = longEnd(one, one.firewall, 1500, false, { sourcePort: 40_123, carried: own })!;
  const socket = {
    ...{ source: '10.88.0.2', sourcePort: 40_123, destination: '198.51.100.1', state: 'ESTAB' },
    ...{ retransmits: 0, info: { lastDataReceived: 4100 } },
  };
  const stalled = { kind: 'idle', socket, holder: { pid: 7, name: 'curl' }, since: null };
  const transfer = { bytes: 208_180, packets: 149, missing: 15_000, entry: 'tcp 6 …' };
  const ended = { ...one, longEnd: { ...end, stalled, transfer }, place: end.place } as unknown as Lab;
  expect(examine('long-packets-dropped', ended)).toBeNull();
  const claim = examine('long-transfers-dropped', ended);
  expect(claim).toMatchObject({ sure: 'proved', rule: end.rule });
  expect(claim?.what).toContain('--connbytes 200000');
  expect(claim?.why).toMatch(
    /curl \(pid 7\) to 198.51.100.1:80 from port 40123 has carried 208180 bytes in 149 packets.*data that came back .* \(15000 bytes more .*\).* for 4.1 s/,
  );
  expect(commands(claim).apply[0]).toMatch(/^iptables -t filter -I FORWARD 1 .*-j ACCEPT$/);
});

test('a rule may end such a connection wherever it stands, as far as a packet is known there', () => {
  const [flow, own] = [lab('outside', '-A FORWARD -j ACCEPT').flow, carried(140, 207_280)] as const;
  const may = (text: string) => mayEndLong(iptables(text)[0]!, flow as never, 0, own);
  expect(may(`-A FORWARD -p tcp ${MUCH}`)).toBe(true);
  expect(may(`-A INPUT -p tcp --sport 80 -i lo ${MUCH}`)).toBe(true);
  expect(may(`-A FORWARD -p udp ${MUCH}`)).toBe(false);
  expect(may(`-A FORWARD -p tcp --dport 81 ${MUCH}`)).toBe(false);
  expect(may(`-A FORWARD ${MUCH.replace('200000', '300000')}`)).toBe(false);
  expect(may(`-A FORWARD ${LONG}`)).toBe(false);
});
