import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Sighting } from '../../../src/model/sighting.ts';
import { type FollowPlan, follow } from '../../../src/witness/journey/follow.ts';
import { parseLine, type TraceEvent } from '../../../src/witness/journey/line.ts';
import { sighting } from '../../examples/sighting.ts';
import { hopsOf } from '../paths.ts';

const recorded = (name: string): TraceEvent[] =>
  readFileSync(path.join(import.meta.dirname, '../../recordings/trace', `${name}.txt`), 'utf8')
    .split('\n')
    .map(parseLine)
    .filter((event): event is TraceEvent => event !== undefined);

const planOf = (events: readonly TraceEvent[], lengths: readonly number[], own = true): FollowPlan => ({
  hops: hopsOf('outside'),
  pid: events[0]!.pid,
  probes: lengths.map((length, probe) => ({ probe, length, own })),
  sent: [events[0]!.at - 100],
  origin: events[0]!.at - 100,
});

test('forwarding off: each probe is seen up to the bridge and dropped there', () => {
  const events = recorded('forward-off');
  const { steps, drops } = follow(events, planOf(events, [332, 333, 334]), []);
  expect(
    drops.map(({ probe, reason, function: where, hop, direction }) => ({
      probe,
      reason,
      where,
      hop,
      direction,
    })),
  ).toEqual(
    [0, 1, 2].map((probe) => ({
      probe,
      reason: 'IP_INADDRERRORS',
      where: 'ip_error',
      hop: 'host/br0',
      direction: 'request',
    })),
  );
  expect(steps.filter((step) => step.probe === 0).at(-1)).toMatchObject({ hop: 'host/br0' });
  expect(steps.some((step) => step.hop === 'host/up0')).toBe(false);
});

test('a reply that is dropped on its way in is a reply, though the far end has an eth0 too', () => {
  const events = recorded('reply-drop');
  const { drops, steps } = follow(events, planOf(events, [377, 378, 379]), []);
  expect(drops).toHaveLength(3);
  for (const drop of drops)
    expect(drop).toMatchObject({
      hop: 'host/up0',
      direction: 'reply',
      reason: 'NETFILTER_DROP',
      function: 'nft_do_chain',
    });
  expect(steps.some((step) => step.direction === 'reply' && step.hop === 'container/eth0')).toBe(false);
});

const line = (
  at: number,
  event: string,
  device: string,
  skb: string,
  length: number,
  pid = 7,
): TraceEvent => ({
  pid,
  cpu: 0,
  at,
  event,
  device,
  skb,
  length,
  location: null,
  reason: null,
});
const freed = (at: number, skb: string, location: string, pid = 7): TraceEvent => ({
  ...line(at, 'kfree_skb', '', skb, 0, pid),
  device: null,
  length: null,
  location,
  reason: 'NETFILTER_DROP',
});
const syn = (overrides: Partial<FollowPlan> = {}): FollowPlan => ({
  hops: hopsOf('outside'),
  pid: 7,
  probes: [{ probe: 0, length: 60, own: false }],
  sent: [1000],
  origin: 1000,
  ...overrides,
});

test("a SYN is tied by this process's own context", () => {
  const mine = [
    line(1010, 'net_dev_queue', 'eth0', 'a', 74),
    line(1012, 'netif_receive_skb', 'vetha', 'a', 60),
    freed(1020, 'a', 'nft_do_chain'),
  ];
  expect(follow(mine, syn(), []).drops).toMatchObject([
    { probe: 0, hop: 'host/vetha', function: 'nft_do_chain' },
  ]);
});

test("a stranger's SYN of the same length is not taken for ours", () => {
  const theirs = [line(1010, 'net_dev_queue', 'eth0', 'b', 74, 99), freed(1020, 'b', 'nft_do_chain', 99)];
  expect(follow(theirs, syn(), [])).toMatchObject({ drops: [], steps: [] });
});

test('a SYN queued later by somebody else is tied by the one capture of that moment, and not where two could be it', () => {
  const sighting = { hop: 'container/eth0', kind: 'request', probe: 0, at: 500 } as Sighting;
  const late = line(1450, 'net_dev_queue', 'eth0', 'c', 74, 99);
  expect(follow([late], syn(), [sighting]).tied.has(0)).toBe(true);
  const rival = line(1460, 'net_dev_queue', 'eth0', 'd', 74, 98);
  expect(follow([late, rival], syn(), [sighting]).tied.has(0)).toBe(false);
});

test('a SYN that stands where an answered one stood is its own, and what is dropped then is lost', () => {
  const plan = syn({
    probes: [0, 1].map((probe) => ({ probe, length: 60, own: false })),
    sent: [1000, 5000],
  });
  const events = [
    line(1010, 'net_dev_queue', 'eth0', 'a', 74),
    line(1012, 'netif_receive_skb', 'vetha', 'a', 60),
    // Its receiver has consumed it, of which the kernel says nothing.
    line(5010, 'net_dev_queue', 'eth0', 'a', 74),
    line(5011, 'net_dev_xmit', 'eth0', 'a', 74),
    line(5012, 'netif_receive_skb', 'vetha', 'a', 60),
    freed(5020, 'a', 'nft_do_chain'),
  ];
  const { drops, tied } = follow(events, plan, []);
  expect(drops).toMatchObject([{ probe: 1, hop: 'host/vetha', function: 'nft_do_chain' }]);
  expect([...tied]).toEqual([0, 1]);
});

test('an address is followed no further than its first free', () => {
  const events = [
    line(1010, 'net_dev_queue', 'eth0', 'a', 74),
    freed(1020, 'a', 'nft_do_chain'),
    freed(1030, 'a', 'tcp_v4_rcv'),
  ];
  expect(follow(events, syn(), []).drops.map((drop) => drop.function)).toEqual(['nft_do_chain']);
});

test('what a firewall of the container drops never reaches a device: it is freed in the sending call itself', () => {
  expect(follow([freed(1005, 'x', 'nft_do_chain')], syn(), []).drops).toMatchObject([
    { probe: 0, hop: null },
  ]);
  expect(follow([freed(9000, 'x', 'nft_do_chain')], syn(), []).drops).toEqual([]);
});

test('a packet in a queue has not crossed the device', () => {
  const plan = syn({ probes: [{ probe: 0, length: 300, own: true }] });
  const events = [
    line(1010, 'net_dev_queue', 'eth0', 'a', 314),
    line(1011, 'netif_receive_skb', 'vetha', 'a', 300),
    line(1012, 'netif_receive_skb', 'br0', 'a', 300),
    line(1013, 'net_dev_queue', 'up0', 'a', 314),
    freed(1014, 'a', '__dev_queue_xmit'),
  ];
  expect(follow(events, plan, []).drops).toMatchObject([{ hop: 'host/br0', device: 'up0' }]);
});

test('what is dropped past the last hop is not ours to report', () => {
  const plan = syn({ probes: [{ probe: 0, length: 300, own: true }] });
  const events = [
    line(1010, 'net_dev_queue', 'eth0', 'a', 314),
    line(1011, 'netif_receive_skb', 'vetha', 'a', 300),
    line(1012, 'netif_receive_skb', 'br0', 'a', 300),
    line(1013, 'net_dev_xmit', 'up0', 'a', 314),
    line(1014, 'netif_receive_skb', 'ens5', 'a', 300),
    freed(1015, 'a', 'nft_do_chain'),
  ];
  expect(follow(events, plan, []).drops).toEqual([]);
});

/** Out by one of two uplinks, `by`; whoever is there drops it on an interface that is none of this host's. */
const outBy = (by: string, there: string): TraceEvent[] => [
  line(1010, 'net_dev_queue', 'eth0', 'a', 314),
  line(1011, 'netif_receive_skb', 'vetha', 'a', 300),
  line(1012, 'netif_receive_skb', 'br0', 'a', 300),
  line(1013, 'net_dev_xmit', by, 'a', 314),
  line(1014, 'netif_receive_skb', there, 'a', 300),
  freed(1015, 'a', 'nft_do_chain'),
];

test.each([
  ['up0', 'eth1'],
  ['up1', 'eth1'],
  ['up0', 'eth0'],
  ['up1', 'eth0'],
])('what left by %s and is dropped on an %s of another host is no drop of this one', (by, there) => {
  const hops = hopsOf('outside');
  const branch = { ...hops.at(-1)!, id: 'host/up1', name: 'up1' };
  const plan = syn({ hops, branches: [branch], probes: [{ probe: 0, length: 300, own: true }] });
  const { drops, steps } = follow(outBy(by, there), plan, []);
  expect(drops).toEqual([]);
  expect(steps.at(-1)).toMatchObject({ hop: `host/${by}`, direction: 'request' });
});

test.each([
  ['up0', 'up1'],
  ['up1', 'up0'],
  ['up1', 'up1'],
])('what left by %s and is answered by %s is a reply there', (by, back) => {
  const hops = hopsOf('outside');
  const branch = { ...hops.at(-1)!, id: 'host/up1', name: 'up1' };
  const plan = syn({ hops, branches: [branch], probes: [{ probe: 0, length: 300, own: true }] });
  const events = [
    ...outBy(by, 'eth1').slice(0, 5),
    line(1030, 'netif_receive_skb', back, 'b', 300),
    freed(1031, 'b', 'nft_do_chain'),
  ];
  expect(follow(events, plan, []).drops).toMatchObject([{ hop: `host/${back}`, direction: 'reply' }]);
});

test("an address that a packet has left is another's: the stack would have ended it at once, in the same context", () => {
  const plan = syn({ probes: [{ probe: 0, length: 300, own: true }] });
  const events = [
    line(1010, 'net_dev_queue', 'eth0', 'a', 314),
    line(1011, 'netif_receive_skb', 'vetha', 'a', 300),
    freed(1090, 'a', 'nft_do_chain', 99),
  ];
  expect(follow(events, plan, []).drops).toEqual([]);
});

/** Out by the uplink, and in again by it, where it ends. */
const goneAndCome = (location: string): TraceEvent[] => [
  line(1010, 'net_dev_queue', 'eth0', 'a', 74),
  line(1012, 'netif_receive_skb', 'vetha', 'a', 60),
  line(1013, 'netif_receive_skb', 'br0', 'a', 60),
  line(1014, 'net_dev_xmit', 'up0', 'a', 74),
  line(1030, 'netif_receive_skb', 'up0', 'a', 60),
  freed(1031, 'a', location),
];

test('a SYN is answered only where a capture saw something come in', () => {
  const seen = (...kinds: string[]) =>
    kinds.map((kind) => ({ hop: 'host/up0', kind, probe: 0, at: 25 })) as Sighting[];
  const events = goneAndCome('nft_do_chain');
  const captured = new Set(['host/up0']);
  expect(follow(events, syn(), seen('request'), captured).drops).toEqual([]);
  expect(follow(events, syn(), seen('request', 'reply'), captured).drops).toMatchObject([
    { hop: 'host/up0', direction: 'reply' },
  ]);
});

test('a capture that did not know a SYN as it left cannot say that no answer to it came in', () => {
  const elsewhere = [sighting('container/eth0', 'request', { probe: 0, at: 10, length: 60 })];
  const events = goneAndCome('nft_do_chain').toSpliced(4, 0, line(1020, 'net_dev_queue', 'far0', 'a', 74));
  const { drops } = follow(events, syn(), elsewhere, new Set(['container/eth0', 'host/up0']));
  expect(drops).toMatchObject([{ hop: 'host/up0', direction: 'reply' }]);
});

/** The host's uplink and the far end of its cable bear one name, and live in one kernel. */
const cable = (kind: 'request' | 'reply', at: number): Sighting =>
  sighting('host/up0', kind, { probe: 0, at, length: 60 });
const toTheFarEnd = [
  line(1010, 'net_dev_queue', 'eth0', 'a', 74),
  line(1012, 'netif_receive_skb', 'vetha', 'a', 60),
  line(1014, 'netif_receive_skb', 'br0', 'a', 60),
  line(1020, 'net_dev_queue', 'up0', 'a', 74),
  line(1024, 'netif_receive_skb', 'up0', 'a', 60),
];

test('what the far end of the cable throws away was lost beyond this host, whatever its device is called', () => {
  const events = [...toTheFarEnd, freed(1030, 'a', 'nft_do_chain')];
  expect(follow(events, syn(), [cable('request', 20)])).toMatchObject({ drops: [] });
  const again = [cable('request', 20), cable('request', 1_020_000)];
  expect(follow(events, syn(), again)).toMatchObject({ drops: [] });
});

test('an answer that is dropped where it comes in is found, although the request passed a device of that name too', () => {
  const events = [
    ...toTheFarEnd,
    line(1060, 'net_dev_queue', 'up0', 'b', 74, 9),
    line(1064, 'netif_receive_skb', 'up0', 'b', 60, 9),
    freed(1066, 'b', 'tcf_classify', 9),
  ];
  const seen = [cable('request', 20), cable('reply', 65)];
  expect(follow(events, syn(), seen).drops).toMatchObject([
    { hop: 'host/up0', direction: 'reply', function: 'tcf_classify' },
  ]);
});

/** The way out is a tunnel, whose outer packets leave by a card. */
const throughTunnel = (): FollowPlan => {
  const hops = hopsOf('outside').map((one) =>
    one.id === 'host/up0' ? { ...one, id: 'host/t0', name: 't0', kind: 'gre' } : one,
  );
  return syn({ hops });
};
const intoTunnel = [...toTheFarEnd.slice(0, 3), line(1020, 'net_dev_queue', 't0', 'a', 60)];

test('the outer packet of a tunnel that a rule of this host drops ended here', () => {
  const events = [...intoTunnel, freed(1030, 'a', 'nft_do_chain')];
  expect(follow(events, throughTunnel(), []).drops).toMatchObject([
    { hop: 'host/br0', device: 't0', function: 'nft_do_chain' },
  ]);
});

test('what a capture saw on the tunnel ended behind it, and not in a queue before it', () => {
  const events = [...intoTunnel, freed(1030, 'a', 'nft_do_chain'), line(1031, 'net_dev_xmit', 't0', 'a', 60)];
  const seenThere = sighting('host/t0', 'request', { probe: 0, at: 21, length: 60 });
  expect(follow(events, throughTunnel(), [seenThere]).drops).toMatchObject([
    { hop: 'host/t0', device: 't0', function: 'nft_do_chain' },
  ]);
});

test('one that has left by a card is the far end’s, which may live on this host', () => {
  const events = [
    ...intoTunnel,
    line(1024, 'net_dev_queue', 'w0', 'a', 98),
    line(1026, 'netif_receive_skb', 'w0', 'a', 84),
    { ...freed(1030, 'a', 'ipip_rcv'), reason: 'NOT_SPECIFIED' },
  ];
  expect(follow(events, throughTunnel(), []).drops).toEqual([]);
});

test('one that a firewall of the far end ends did not come out of the tunnel, where that end lives on this host', () => {
  const taken = [
    ...intoTunnel,
    line(1024, 'net_dev_queue', 'w0', 'a', 98),
    line(1026, 'netif_receive_skb', 'w0', 'a', 84),
  ];
  const ended = (location: string, reason: string): TraceEvent[] => [
    ...taken,
    { ...freed(1030, 'a', location), reason },
  ];
  for (const events of [ended('nft_do_chain', 'NETFILTER_DROP'), ended('vxlan_rcv', 'VXLAN_VNI_NOT_FOUND')])
    expect(follow(events, throughTunnel(), []).drops).toMatchObject([
      { hop: 'host/t0', device: 't0', direction: 'request' },
    ]);
  const out = line(1028, 'netif_receive_skb', 't0', 'a', 60);
  const inside = [...taken, out, { ...freed(1030, 'a', 'nft_do_chain'), reason: 'NETFILTER_DROP' }];
  expect(follow(inside, throughTunnel(), []).drops).toEqual([]);
});

test('what left by an interface beside the path and was taken elsewhere is not followed there', () => {
  const plan = syn({ hops: hopsOf('sibling').filter(({ where }) => where !== 'host') });
  const events = [
    line(1010, 'net_dev_queue', 'eth0', 'a', 74),
    line(1012, 'net_dev_queue', 'w0', 'a', 74),
    line(1014, 'netif_receive_skb', 'w0', 'a', 60),
    freed(1016, 'a', 'ip_error'),
  ];
  expect(follow(events, plan, []).drops).toEqual([]);
});

test('what a program sends at the address of a packet that it read from its tap is not that packet', () => {
  const tap = { ...hopsOf('outside')[0]!, id: 'container/tap0', name: 'tap0', kind: 'tun' };
  const plan = (kind: string): FollowPlan => ({
    hops: [{ ...tap, kind }],
    pid: 7,
    probes: [{ probe: 0, length: 332, own: true }],
    sent: [0],
    origin: 0,
  });
  const events = [
    line(10, 'net_dev_queue', 'tap0', 'ff1', 346),
    line(12, 'net_dev_xmit', 'tap0', 'ff1', 346),
    // A datagram of the program's, elsewhere and of another length.
    freed(30, 'ff1', 'nft_do_chain', 9),
  ];
  expect(follow(events, plan('tun'), []).drops).toEqual([]);
  expect(follow(events, plan('veth'), []).drops).toHaveLength(1);
});

test('a SYN that comes home unchanged has turned round: it has less time to live', () => {
  const seen = (...ttls: number[]) =>
    ttls.map((ttl) => ({ hop: 'host/up0', kind: 'request', probe: 0, at: 25, ttl })) as Sighting[];
  const events = goneAndCome('ip_route_input_slow');
  const captured = new Set(['host/up0']);
  expect(follow(events, syn(), seen(63, 63), captured).drops).toEqual([]);
  expect(follow(events, syn(), seen(63, 61), captured).drops).toMatchObject([{ hop: 'host/up0' }]);
});

test('what captures saw of a probe that has no length is followed by nobody', () => {
  const events = [line(1000, 'netif_receive_skb', 'up0', '0xa', 66)];
  const greeting = sighting('host/up0', 'reply', { probe: 3, at: 1000 });
  const { steps, drops } = follow(events, { ...planOf(events, [60], false), origin: 0, sent: [0] }, [
    greeting,
  ]);
  expect({ steps, drops }).toEqual({ steps: [], drops: [] });
});

test('what a bridge has given to a port and the port’s queue throws away has crossed the bridge', () => {
  const path = hopsOf('outside');
  const [, port, bridge] = path;
  const events = [
    line(1010, 'net_dev_queue', 'eth0', 'a', 1514),
    line(1011, 'netif_receive_skb', port!.name, 'a', 1500),
    line(1012, 'netif_receive_skb', bridge!.name, 'a', 1500),
    line(1013, 'net_dev_queue', 'up0', 'a', 1514),
    line(1014, 'net_dev_xmit', 'up0', 'a', 1514),
    line(1020, 'netif_receive_skb', 'up0', 'b', 1500),
    line(1021, 'net_dev_queue', bridge!.name, 'b', 1514),
    line(1022, 'net_dev_queue', port!.name, 'b', 1514),
    freed(1023, 'b', '__dev_queue_xmit'),
    line(1024, 'net_dev_xmit', bridge!.name, 'b', 1514),
  ];
  const there = path.map(({ id }) => sighting(id, 'request', { probe: 0 }));
  const back = ['host/up0', bridge!.id].map((hop) => sighting(hop, 'reply', { probe: 0 }));
  const { drops } = follow(
    events,
    planOf(events, [1500]),
    [...there, ...back],
    new Set(path.map(({ id }) => id)),
  );
  expect(drops).toMatchObject([{ hop: bridge!.id, device: port!.name, direction: 'reply' }]);
});

test('of two probes of one length an event is of the one that was sent last', () => {
  const both = [
    line(1010, 'net_dev_queue', 'eth0', 'a', 1514),
    line(2010, 'net_dev_queue', 'eth0', 'b', 1514),
  ];
  const { steps } = follow(both, { ...planOf(both, [1500, 1500]), sent: [1000, 2000], origin: 1000 }, []);
  expect(steps.map(({ probe }) => probe)).toEqual([0, 1]);
});
