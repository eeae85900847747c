import { expect, test } from 'vitest';
import type { Family } from '../../../src/model/flow.ts';
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

test('a request without a source address has no reply to route', async () => {
  const lab = healthy();
  lab.path.sourceAddress = null;
  expect((await gathered('replyRoute', lab, {})).answer).toMatchObject({
    known: false,
    because: 'not-asked',
  });
});
