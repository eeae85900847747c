import { expect, test } from 'vitest';
import type { Family } from '../../../src/model/flow.ts';
import { asking } from '../../causes/asking.ts';
import { healthy, type Way } from '../../causes/scene.ts';
import { gathered, value } from './gathered.ts';

const ways: [Way, Family, string, string][] = [
  ['outside', 4, 'ip -j -d route get 10.88.0.2 from 198.51.100.1 iif up0 ipproto icmp', 'br0'],
  ['outside', 6, 'ip -j -d route get fd00:88::2 from 2001:db8:f::1 iif up0 ipproto ipv6-icmp', 'br0'],
  ['network', 4, 'ip -j -d route get 10.88.0.2 from 10.89.0.2 iif br1 ipproto icmp', 'br0'],
  ['to-host', 4, 'ip -j -d route get 10.88.0.2 from 10.88.0.1', 'br0'],
];

test.each(ways)('%s over IPv%i: %s', async (way, family, line, expected) => {
  const { answer, machine } = await gathered('replyRoute', healthy(way, family), {
    run: { [line]: '[{"type":"unicast","dst":"x","dev":"wg0","table":"51820","flags":[]}]' },
  });
  expect(machine.asked).toEqual([line]);
  expect(answer).toMatchObject({
    known: true,
    value: { expected, decision: { dev: 'wg0', table: '51820' } },
  });
});

test('what the container answers is routed in the container', async () => {
  const lab = healthy('from-host');
  const line = `nsenter --net=${lab.target.netns.path} ip -j -d route get 10.88.0.1 from 10.88.0.2`;
  const reply = await value('replyRoute', lab, {
    run: { [line]: '[{"type":"unicast","dev":"eth0","flags":[]}]' },
  });
  expect(reply.expected).toBe('eth0');
});

test("the answer to a published port's client leaves where the request came in", async () => {
  const lab = healthy('from-outside');
  lab.path.realDestination = '10.88.0.2';
  const { machine } = await gathered('replyRoute', lab, {});
  expect(machine.asked).toEqual(['ip -j -d route get 192.0.2.2 from 10.88.0.2 iif br0 ipproto tcp']);
});

test('a refusal is an answer; a question that cannot be put is none', async () => {
  const line = 'ip -j -d route get 10.88.0.2 from 198.51.100.1 iif up0 ipproto icmp';
  const refused = await value('replyRoute', healthy(), {
    run: { [line]: { code: 2, stderr: 'RTNETLINK answers: Network is unreachable\n' } },
  });
  expect(refused.decision.refusal).toBe('Network is unreachable');
  expect((await gathered('replyRoute', healthy(), {})).answer.known).toBe(false);
});

test('a request without a source address has no reply to route, until it was seen whose it is', async () => {
  const lab = healthy();
  lab.path.sourceAddress = null;
  const seen = await gathered('replyRoute', lab, {});
  expect(seen.machine.asked).toEqual(['ip -j -d route get 10.88.0.2 from 198.51.100.1 iif up0 ipproto icmp']);
  lab.sightings = [];
  expect((await gathered('replyRoute', lab, {})).answer).toMatchObject({
    known: false,
    because: 'not-asked',
  });
});

test('the answer of a program is asked for as its socket sends it: rules choose by user and by mark', async () => {
  const lab = asking('to-host', 'tcp', 9100);
  const other = { proto: 'tcp', state: 'LISTEN', source: '0.0.0.0', sourcePort: 9100, uid: 7 } as const;
  const own = { ...other, source: '10.88.0.1', uid: 1234, mark: 0x4d } as const;
  const { answer, machine } = await gathered('replyRoute', lab, {
    sockets: { '': [{ ...other, state: 'ESTAB', uid: 9 }, { ...other, sourcePort: 80 }, other, own] },
    run: { 'ip -j -d route get 10.88.0.2 from 10.88.0.1 mark 77 uid 1234': '[{"dev":"tun0","table":"77"}]' },
  });
  expect(machine.asked).toEqual(['ip -j -d route get 10.88.0.2 from 10.88.0.1 mark 77 uid 1234']);
  expect(answer).toMatchObject({ value: { by: { uid: 1234, mark: 77 }, decision: { dev: 'tun0' } } });
});

test('root and whoever only passes an answer on ask without a user', async () => {
  const root = { proto: 'tcp', state: 'LISTEN', source: '0.0.0.0', sourcePort: 9100, uid: 0 } as const;
  const own = await gathered('replyRoute', asking('to-host', 'tcp', 9100), { sockets: { '': [root] } });
  expect(own.machine.asked).toEqual(['ip -j -d route get 10.88.0.2 from 10.88.0.1']);
  const passed = await gathered('replyRoute', asking('outside', 'tcp', 9100), {
    sockets: { '': [{ ...root, uid: 1234 }] },
  });
  expect(passed.machine.asked.join()).not.toContain('uid');
});
