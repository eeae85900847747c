import { describe, expect, it } from 'vitest';
import type { Diagnosis } from '../../src/model/diagnosis.ts';
import type { Evidence, Rule } from '../../src/model/evidence.ts';
import { judge, placeOf } from '../../src/repair/verify.ts';
import { diagnosis, healthy, PATH } from './answers.ts';

const at = (after: string | null, before: string | null, about: Partial<Diagnosis> = {}) =>
  diagnosis({ between: [after, before], ...about });

describe('judge', () => {
  it.each<[string, Diagnosis, Diagnosis, string]>([
    ['healthy', diagnosis(), healthy(), 'healthy'],
    ['the very same', diagnosis(), diagnosis(), 'no better'],
    ['undecided', diagnosis(), diagnosis({ status: 'undecided', between: null, cause: null }), 'no better'],
    ['further', at('host/vetha', 'host/br0'), at('host/br0', 'host/up0', { cause: 'x' }), 'better'],
    ['further, with the same cause', at('host/vetha', 'host/br0'), at('host/br0', 'host/up0'), 'better'],
    ['earlier', at('host/br0', 'host/up0'), at('container/eth0', 'host/vetha', { cause: 'x' }), 'worse'],
    ['another cause at the same place', diagnosis(), diagnosis({ cause: 'forward-policy-drop' }), 'better'],
    ['a place without a cause', diagnosis(), diagnosis({ cause: null }), 'no better'],
    [
      'the reply instead of the request',
      diagnosis(),
      at('host/up0', 'host/br0', { direction: 'reply', cause: 'x' }),
      'better',
    ],
    [
      'a reply that comes further',
      at('host/up0', 'host/br0', { direction: 'reply' }),
      at('host/br0', 'host/vetha', { direction: 'reply' }),
      'better',
    ],
    [
      'the request instead of the reply',
      at('host/up0', 'host/br0', { direction: 'reply' }),
      diagnosis(),
      'worse',
    ],
    ['more answers', diagnosis(), diagnosis({ answered: 2, partial: true }), 'better'],
    ['fewer answers', diagnosis({ answered: 2, partial: true }), diagnosis(), 'worse'],
    [
      'past the last hop',
      diagnosis(),
      at('host/up0', null, { cause: 'no-reply-from-destination' }),
      'better',
    ],
    [
      'a path that was cut short',
      at('host/vetha', null, { path: PATH.slice(0, 2), cause: 'veth-not-on-bridge' }),
      at('host/br0', 'host/up0', { cause: 'x' }),
      'better',
    ],
    [
      'not even sent',
      at(null, 'container/eth0'),
      at('container/eth0', 'host/vetha', { cause: 'x' }),
      'better',
    ],
  ])('%s', (_, before, after, judgement) => {
    expect(judge(before, after).judgement).toBe(judgement);
  });

  it('a place and cause that was met before: no better, however far that is', () => {
    const there = at('host/br0', 'host/up0', { cause: 'x' });
    const before = at('host/vetha', 'host/br0');
    expect(judge(before, there).judgement).toBe('better');
    expect(judge(before, there, { met: new Set([placeOf(there)]) }).judgement).toBe('no better');
    // An earlier place is worse, met or not.
    expect(judge(there, before, { met: new Set([placeOf(before)]) }).judgement).toBe('worse');
  });

  it('an answer that cuts others off is harmful, and says whom', () => {
    const lost = ['B → 10.88.0.1', 'B → 192.0.2.1:8080', 'C → 10.89.0.1', 'C → 192.0.2.1:8080'];
    expect(judge(diagnosis(), healthy(), { lost })).toEqual({
      judgement: 'harmful',
      because: 'no longer answered: B → 10.88.0.1, B → 192.0.2.1:8080, C → 10.89.0.1 and 1 more',
    });
    expect(judge(diagnosis(), diagnosis(), { lost }).judgement).toBe('no better');
  });
});

/** Evidence that a request met a rule. */
const met = (text: string): Evidence => ({
  witness: 'rule',
  at: null,
  microseconds: 1,
  says: 'request met rule 1 of chain PREROUTING of table ip nat: accept',
  agrees: null,
  rule: { ...RULE, text },
  source: [],
});
const RULE: Rule = {
  engine: 'iptables-nft',
  family: 'ip',
  table: 'nat',
  chain: 'PREROUTING',
  hook: 'prerouting',
  number: 1,
  handle: 7,
  text: '',
  verdict: '',
  owner: null,
};
const outward = PATH.map((hop) => ({ ...hop, request: 3 }));
/** Requests that go no further than the bridge, as the uplink saw. */
const inward = PATH.map((hop) => ({ ...hop, request: hop.kind === 'uplink' ? 0 : 3 }));
const unwatched = inward.map((hop) => ({ ...hop, captured: hop.kind !== 'uplink' }));

describe('the answerer', () => {
  const dnat = met('-A PREROUTING -d 198.51.100.1/32 -j DNAT --to-destination 10.88.0.3:80');
  const tproxy = met('-A PREROUTING -i br0 -p tcp -j TPROXY --on-port 9080 --tproxy-mark 0x1/0x1');

  it.each<[string, Evidence[], Partial<Diagnosis>, string]>([
    ['the same translation', [dnat], { evidence: [dnat] }, 'healthy'],
    ['no translation any more', [dnat], { evidence: [] }, 'another answer'],
    ['a program of this host', [tproxy], { evidence: [tproxy] }, 'healthy'],
    ['a program of this host, of whose rule nothing is told', [tproxy], { path: inward }, 'healthy'],
    ['an exit that nobody watched', [tproxy], { path: unwatched }, 'another answer'],
    ['an address that leads out nowhere', [tproxy], { path: PATH.slice(0, 3) }, 'another answer'],
    ['past it, though nothing is told of its rule', [tproxy], { path: outward }, 'another answer'],
    ['past the program of this host', [tproxy], { evidence: [tproxy], path: outward }, 'another answer'],
    ['beyond this host, and always was', [dnat], { evidence: [dnat], path: outward }, 'healthy'],
    ['a translation that was not reached before', [], { evidence: [dnat] }, 'healthy'],
    ['a comment that speaks of one', [met('-A X -m comment --comment "redirect" -j ACCEPT')], {}, 'healthy'],
  ])('%s', (_, evidence, about, judgement) => {
    expect(judge(diagnosis({ evidence }), { ...healthy(), ...about }).judgement).toBe(judgement);
  });

  it('of a connection whose NAT was decided before is told by what is seen behind the host', () => {
    const outside = { ...diagnosis().flow, from: 'outside' as const, address: '192.0.2.1' };
    const path = [...PATH].reverse().map((hop) => ({ ...hop, request: 1 }));
    const seen = (to: string): Evidence => ({
      ...dnat,
      witness: 'capture',
      at: 'container/eth0',
      says: `1 request, 192.0.2.2 → ${to}`,
    });
    const before = diagnosis({ flow: outside, evidence: [dnat] });
    const arriving = (to: string) => ({ ...healthy(), flow: outside, path, evidence: [seen(to)] });
    expect(judge(before, arriving('10.88.0.2')).judgement).toBe('healthy');
    expect(judge(before, arriving('192.0.2.1')).judgement).toBe('another answer');
  });

  it('may be another where the fix means to lead elsewhere', () => {
    expect(judge(diagnosis({ evidence: [dnat] }), healthy(), { leads: true }).judgement).toBe('healthy');
  });
});
