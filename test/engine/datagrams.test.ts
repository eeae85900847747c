import { expect, it } from 'vitest';
import { saidBack, silence } from '../../src/engine/datagrams.ts';
import { known, notKnown } from '../../src/model/answer.ts';
import type { Drop } from '../../src/model/evidence.ts';
import type { Flow } from '../../src/model/flow.ts';
import { placeAt, type Symptom } from '../../src/model/place.ts';
import type { ProbeOutcome } from '../../src/model/sighting.ts';
import { healthy } from '../causes/scene.ts';

const flow = (port: number, about: Partial<Flow> = {}): Flow => ({
  from: 'container',
  to: `198.51.100.1:${port}`,
  address: '198.51.100.1',
  proto: 'udp',
  port,
  family: 4,
  ...about,
});
const outcome = (amiss?: string): ProbeOutcome => ({
  probe: 0,
  result: 'answered',
  microseconds: 90,
  errno: null,
  says: null,
  ...(amiss === undefined ? {} : { amiss }),
});
const silent: Symptom = { kind: 'silence', errno: null, from: null, says: null, bornAt: null };

it('an answer of the protocol needs no note, another is none', () => {
  expect(saidBack({ flow: flow(123), outcomes: [outcome()] })).toEqual([]);
  expect(saidBack({ flow: flow(123), outcomes: [outcome(), outcome('it is\u001b[2J odd')] })).toEqual([
    { what: 'what the program says', because: expect.stringMatching(/^it is.*odd$/) },
  ]);
  expect(saidBack({ flow: flow(123), outcomes: [outcome('\u001b[2J')] })[0]?.because).not.toContain('\u001b');
});

it('what comes back to a datagram that means nothing is no answer to a question', () => {
  expect(saidBack({ flow: flow(9000), outcomes: [outcome()] })[0]?.because).toContain('port 9000');
  expect(saidBack({ flow: flow(9000, { proto: 'tcp' }), outcomes: [outcome()] })).toEqual([]);
  expect(saidBack({ flow: flow(9000, { from: 'outside' }), outcomes: [outcome()] })).toEqual([]);
});

it('silence is worth what the protocol makes of it', () => {
  const because = (port: number): string | undefined =>
    silence({ flow: flow(port), symptom: silent, place: null, drops: known([], []) })[0]?.because;
  expect(because(9000)).toContain('may be silent to a datagram that means nothing');
  expect(because(123)).toBe('a question of NTP was asked, which is answered where it lives');
  expect(because(161)).toMatch(/SNMP.*no version 3/);
  expect(because(51_820)).toBe('WireGuard answers nobody whose key it does not know');
});

it('a datagram that a socket of this host took need not be answered; one that was thrown away was not taken', () => {
  const { path, drops } = healthy('sibling');
  const lost = {
    flow: flow(9000),
    symptom: { ...silent, kind: 'lost' } as const,
    place: placeAt(path, path.hops.length, 'request'),
    drops,
  };
  expect(silence(lost)[0]?.because).toContain('may be silent');
  expect(silence({ ...lost, place: placeAt(path, 1, 'request') })).toEqual([]);
  expect(silence({ ...lost, drops: notKnown('no-permission', 'no', []) })).toHaveLength(1);
  const drop = { reason: 'SOCKET_RCVBUFF', function: 'udp_queue_rcv_one_skb' };
  expect(silence({ ...lost, drops: known([drop as Drop], []) })).toEqual([]);
});
