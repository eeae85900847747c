// What is said about full segments where no rule of this host ends them, and where its rules cannot be read.
import { expect, test } from 'vitest';
import { beyond, lengthHere, ofDatagrams, ofLongPackets, unplaced } from '../../src/engine/long-packets.ts';
import type { Machine } from '../../src/host/machine.ts';
import { notKnown } from '../../src/model/answer.ts';
import { iptables } from '../causes/rules-of.ts';
import { healthy, type Way } from '../causes/scene.ts';
import { sighting } from '../examples/sighting.ts';

const scene = (way: Way) => {
  const one = healthy(way);
  one.flow.proto = 'tcp';
  one.flow.port = 443;
  return one as Parameters<typeof beyond>[0];
};
const shown = (there: number, back: number, about: object = {}) =>
  ({
    size: { size: 1500, tested: true },
    exchange: { speech: 'tls', over: 0, probe: 7 },
    sightings: [
      sighting('host/up0', 'request', { probe: 7, length: there }),
      sighting('host/up0', 'reply', { probe: 7, length: back }),
      sighting('host/up0', 'reply', { probe: 8, length: 1500 }),
    ],
    ...about,
  }) as unknown as Parameters<typeof beyond>[1];

test('what rests on pings alone is told, with the longest packets that the connection has shown', () => {
  const [note] = beyond(scene('outside'), shown(569, 1500), 1500);
  expect(note?.what).toBe('whether full segments of TCP pass beyond this host');
  expect(note?.because).toContain('569 bytes there and 1500 bytes back');
});

test.each([
  ['the connection itself has shown full ones both ways', 'outside', shown(1500, 1500)],
  ['the flow does not leave this host, whose rules were read', 'to-host', shown(60, 60)],
  ['no data was tried, which is told', 'outside', shown(60, 60, { exchange: null })],
  [
    'no full-size ping was answered, which is told',
    'outside',
    shown(60, 60, { size: { size: 1500, tested: false } }),
  ],
] as const)('nothing where %s', (_, way, result) => {
  expect(beyond(scene(way), result, 1500)).toEqual([]);
});

const deaf = new Proxy({} as Machine, {
  get: (_, name) => (name === 'env' ? {} : () => notKnown('no-such-tool', 'nft is not installed', [])),
});

test('rules that cannot be read are told of, where the flow is one of TCP', async () => {
  const { scene: ended, notes } = await ofLongPackets(deaf, scene('to-host'), shown(60, 60));
  expect(ended).toBeNull();
  expect(notes.map(({ what }) => what)).toEqual(['whether full segments of TCP pass the rules of this host']);
  const ping = { ...scene('to-host'), flow: { ...scene('to-host').flow, proto: 'icmp' as const } };
  expect((await ofLongPackets(deaf, ping, shown(60, 60))).notes).toEqual([]);
});

test('of datagrams it is said that long ones end, which is no fault of those that were sent', () => {
  const rule = (text: string) => ({ family: 'ip', table: 'filter', chain: 'FORWARD', number: 1, text });
  const note = (text: string) => ofDatagrams({ rule: rule(text), length: 1500 } as never).because;
  expect(note('-A FORWARD -p udp -m length --length 513: -j DROP')).toMatch(
    /^rule 1 of chain FORWARD of table ip filter ends those of 1500 bytes, and none as long was sent: -A FORWARD/,
  );
  expect(note('-A FORWARD -m connbytes --connbytes 9: -j DROP')).toContain('behind so much of it: -A');
});

test('a full segment is no longer than what the host itself takes for its next interface', () => {
  const one = scene('outside');
  const host = one.stacks.host.links.flatMap(({ addresses }) => addresses)[0]!.address;
  const tried = (from: string, mtu: number | null) =>
    ({ size: 1500, tested: true, tooBig: { from, mtu } }) as Parameters<typeof lengthHere>[1];
  expect(lengthHere(one, tried(host, 1420))).toBe(1420);
  expect(lengthHere(one, tried(host, null))).toBeNull();
  // Beyond this host it comes to its rules first, and whoever would tell of a smaller one never sees it.
  expect(lengthHere(one, tried('203.0.113.1', 1420))).toBe(1500);
  expect(lengthHere(one, { ...tried(host, 1420)!, tooBig: null })).toBe(1500);
  expect(lengthHere(one, null)).toBeNull();
});

test('where no capture ran, a rule that would end its long packets leaves it open', () => {
  const one = scene('outside');
  const blind = new Set(['container/eth0']);
  const told = (text: string, captured: ReadonlySet<string> = blind) =>
    unplaced({ ...one, captured }, { container: [], host: iptables(text), other: [] }, 1500).map(
      ({ because }) => because,
    );
  const rule = '-A FORWARD -p tcp --sport 443 -m length --length 900: -j DROP';
  expect(told(`-A FORWARD -j ACCEPT\n${rule}`)).toEqual([
    `no capture ran on vetha, to show whether they come to rule 2 of chain FORWARD of table ip filter: ${rule}`,
  ]);
  expect(told(rule, one.captured)).toEqual([]);
  for (const other of [
    '-p udp -m length --length 900:',
    '-p tcp --dport 80 -m length --length 900:',
    '-m length --length 0:30',
    '-p tcp',
  ])
    expect(told(`-A FORWARD ${other} -j DROP`)).toEqual([]);
});
