import { expect, it } from 'vitest';
import { saidBack, silence } from '../../src/engine/datagrams.ts';
import type { Flow } from '../../src/model/flow.ts';
import type { Symptom } from '../../src/model/place.ts';
import type { ProbeOutcome } from '../../src/model/sighting.ts';

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
    silence({ flow: flow(port), symptom: silent })[0]?.because;
  expect(because(9000)).toContain('may be silent to a datagram that means nothing');
  expect(because(123)).toBe('a question of NTP was asked, which is answered where it lives');
  expect(because(161)).toMatch(/SNMP.*no version 3/);
  expect(because(51_820)).toBe('WireGuard answers nobody whose key it does not know');
  expect(silence({ flow: flow(123), symptom: { ...silent, kind: 'lost' } })).toEqual([]);
});
