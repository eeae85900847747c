import { expect, test } from 'vitest';
import { parseFilters, parseQdiscs } from '../../../src/discover/parse/traffic-control.ts';
import { healthy } from '../../causes/scene.ts';
import { gathered, value } from './gathered.ts';

const QDISCS = `qdisc noqueue 0: dev lo root refcnt 2 
 Sent 0 bytes 0 pkt (dropped 0, overlimits 0 requeues 0) 
 backlog 0b 0p requeues 0
qdisc noqueue 0: dev vetha root refcnt 2 
 Sent 0 bytes 0 pkt (dropped 0, overlimits 0 requeues 0) 
qdisc clsact ffff: dev vetha parent ffff:fff1 
 Sent 0 bytes 0 pkt (dropped 2, overlimits 0 requeues 0) 
 backlog 0b 0p requeues 0
qdisc tbf 8010: dev up0 root refcnt 3 rate 1Mbit burst 10Kb lat 10ms 
 Sent 840 bytes 2 pkt (dropped 5, overlimits 9 requeues 0) 
 backlog 0b 0p requeues 0
qdisc netem 8011: dev vethz root refcnt 3 limit 1000 loss 100%
 Sent 0 bytes 0 pkt (dropped 0, overlimits 0 requeues 0) 
`;
const BPF = `filter protocol all pref 49152 bpf chain 0 
filter protocol all pref 49152 bpf chain 0 handle 0x1 cf_cls_drop:[*fsobj] direct-action not_in_hw id 215 name  tag 614b434cd8324ecc jited
`;
const FLOWER = `filter protocol ip pref 1 flower chain 0 
filter protocol ip pref 1 flower chain 0 handle 0x1 
  eth_type ipv4
  dst_ip 203.0.113.99
  not_in_hw
	action order 1: gact action drop
	 random type none pass val 0
	 index 1 ref 1 bind 1 installed 5 sec used 5 sec
 	Action statistics:
	Sent 252 bytes 3 pkt (dropped 3, overlimits 0 requeues 0) 
	backlog 0b 0p requeues 0
`;

test('a queue tells how many packets wait in it', () => {
  const text =
    'qdisc tbf 8016: dev v0 root rate 1Kbit burst 200b lat 9s \n Sent 188 bytes 2 pkt (dropped 0, overlimits 2 requeues 0) \n backlog 196b 2p requeues 0\n';
  expect(parseQdiscs(text)).toMatchObject([{ dev: 'v0', held: 2, drops: 0 }]);
});

test('queues carry their device, their words and their drops', () => {
  expect(parseQdiscs(QDISCS).find((qdisc) => qdisc.dev === 'up0')).toEqual({
    held: 0,
    kind: 'tbf',
    dev: 'up0',
    ingress: false,
    text: 'qdisc tbf 8010: dev up0 root refcnt 3 rate 1Mbit burst 10Kb lat 10ms',
    drops: 5,
  });
});

test('a filter is one entry with its actions, and the line that announces it is none', () => {
  expect(parseFilters(BPF)).toEqual([{ text: expect.stringContaining('cf_cls_drop'), drops: null }]);
  const [flower, ...more] = parseFilters(FLOWER);
  expect(more).toEqual([]);
  expect(flower?.text).toContain('dst_ip 203.0.113.99');
  expect(flower?.text).toContain('gact action drop');
  expect(flower?.text).not.toContain('Sent');
  expect(flower?.drops).toBe(3);
});

test('what sits on the path is told with its hop, direction and command', async () => {
  const traffic = await value('traffic', healthy(), {
    run: {
      'tc -s -d qdisc show': QDISCS,
      'tc -s -d filter show dev vetha ingress': BPF,
      'tc -s -d filter show dev vetha egress': '',
    },
  });
  expect(traffic.filter((one) => one.hop.startsWith('host/'))).toMatchObject([
    { hop: 'host/vetha', kind: 'qdisc', direction: 'ingress', drops: 2 },
    {
      hop: 'host/up0',
      kind: 'qdisc',
      direction: 'egress',
      drops: 5,
      argv: ['tc', '-s', 'qdisc', 'show', 'dev', 'up0'],
    },
    { hop: 'host/vetha', kind: 'filter', direction: 'ingress' },
  ]);
});

test('filters are asked for only where some can hang', async () => {
  const { machine } = await gathered('traffic', healthy(), { run: { 'tc -s -d qdisc show': QDISCS } });
  expect(machine.asked.filter((line) => line.includes('filter'))).toEqual([
    'tc -s -d filter show dev vetha ingress',
    'tc -s -d filter show dev vetha egress',
  ]);
});

test('a namespace whose queues cannot be read leaves it unknown', async () => {
  const { answer } = await gathered('traffic', healthy(), {
    run: { 'tc -s -d qdisc show': { code: 2, stderr: 'RTNETLINK answers: Operation not permitted\n' } },
  });
  expect(answer).toMatchObject({ known: false, because: 'no-permission' });
});

test('where the kernel tells of no queue on the path, no program is asked', async () => {
  const lab = healthy();
  const ifindex = lab.stacks.host.links.find(({ name }) => name === 'br0')!.ifindex;
  const asked = async (queues: unknown) =>
    (await gathered('traffic', lab, { kernel: { queues } })).machine.asked;
  expect(
    await asked([
      { ifindex, kind: 'noqueue' },
      { ifindex: 9999, kind: 'tbf' },
    ]),
  ).toEqual([]);
  expect(await asked([{ ifindex, kind: 'clsact' }])).toContain('tc -s -d qdisc show');
});
