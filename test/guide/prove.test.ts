import { expect, it } from 'vitest';
import { verdictOn } from '../../src/main/setup/prove.ts';
import type { Diagnosis } from '../../src/model/diagnosis.ts';
import { hold } from './hold.ts';

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
