import { describe, expect, it } from 'vitest';
import type { Diagnosis } from '../../src/model/diagnosis.ts';
import { judge } from '../../src/repair/verify.ts';
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
    expect(judge(before, after)).toBe(judgement);
  });
});
