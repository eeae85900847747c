import { describe, expect, it } from 'vitest';
import { namedPlace } from '../../src/guide/place.ts';
import type { PlannedHold } from '../../src/guide/plan.ts';
import { World } from '../../src/guide/world.ts';
import type { Machine } from '../../src/host/machine.ts';
import { questionOf, verdictOn } from '../../src/main/setup/prove.ts';
import type { Diagnosis } from '../../src/model/diagnosis.ts';

const world = new World({} as Machine);
world.add(namedPlace('red', null));
world.add(namedPlace('blue', null));
world.promised.set('10.0.0.3', 'new:blue');

const hold = (part: Partial<PlannedHold>): PlannedHold => ({
  from: 'new:red',
  to: '10.0.0.1',
  proto: 'icmp',
  answered: true,
  ...part,
});

describe('what the engine is asked', () => {
  it('names a namespace that the recipe has made as it is called by now', () => {
    expect(questionOf(hold({}), world)).toEqual({ target: 'netns:red', to: '10.0.0.1' });
  });

  it('takes the container that has the address for the target of the host', () => {
    expect(questionOf(hold({ from: 'host', to: '10.0.0.3' }), world)).toMatchObject({
      from: 'host',
      target: 'netns:blue',
    });
  });

  it('keeps port and protocol', () => {
    expect(questionOf(hold({ from: 'host', to: '127.0.0.1:80', proto: 'tcp' }), world)).toMatchObject({
      target: 'netns:red',
      to: '127.0.0.1:80',
      proto: 'tcp',
    });
  });
});

const verdict = (part: Partial<Diagnosis>) =>
  ({ status: 'fault', answered: 0, cause: null, summary: 's', ...part }) as Diagnosis;

it.each([
  [
    'an answer where one must be',
    { answered: true },
    verdict({ status: 'healthy', answered: 3 }),
    'answered',
    true,
  ],
  [
    'an answer where none may be',
    { answered: false },
    verdict({ status: 'healthy', answered: 3 }),
    'answered',
    false,
  ],
  ['silence where an answer must be', { answered: true }, verdict({}), 'silent', false],
  ['silence where none may be', { answered: false }, verdict({}), 'silent', true],
  ['some answers of three', { answered: true }, verdict({ answered: 1 }), 'answered', true],
  [
    'a refusal, which has come the whole way',
    { answered: true },
    verdict({ cause: 'connection-refused' }),
    'answered',
    true,
  ],
  ['an undecided verdict', { answered: false }, verdict({ status: 'undecided' }), null, false],
  ['no verdict', { answered: true }, null, null, false],
] as const)('%s', (_, wanted, diagnosis, found, holds) => {
  expect(verdictOn(hold(wanted), diagnosis)).toMatchObject({ found, holds });
});
