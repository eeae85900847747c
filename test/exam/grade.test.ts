import { expect, it } from 'vitest';
import type { Answer, Row } from '../lab/scenario.ts';
import { grade } from './grade.ts';

const answer = (status: Answer['status'], cause: string | null, document = {}): Answer => ({
  status,
  cause,
  between: null,
  seconds: 1,
  document: JSON.stringify(document),
});
const row = (scenario: object, given: Answer): Row =>
  ({
    scenario: { also_right: [], ...scenario },
    answer: given,
    control: null,
    repaired: null,
    failedSteps: [],
  }) as never;

it('a cause, the place alone and a healthy answer are told apart', () => {
  const scenario = { expect: 'ip-forward-off', also_right: ['forward-policy-drop'] };
  expect(grade(row(scenario, answer('fault', 'forward-policy-drop')))).toBe('right');
  expect(grade(row(scenario, answer('fault', null)))).toBe('place only');
  expect(grade(row(scenario, answer('fault', 'bridge-down')))).toBe('wrong');
  expect(grade(row(scenario, answer('healthy', null)))).toBe('wrong');
  expect(grade(row(scenario, answer('undecided', null)))).toBe('undecided');
});

it('what must be noted is noted, and what must not is not', () => {
  const noted = answer('healthy', null, {
    unknown: [{ what: 'the certificate that was shown', because: 'it has been out of date since 2021' }],
    findings: [{ what: 'the clock is wrong' }],
  });
  const wanting = (notes: string[], unsaid: string[] = []) =>
    grade(row({ expect: 'healthy', notes, unsaid }, noted));
  expect(wanting(['out of date since', 'clock'])).toBe('right');
  expect(wanting(['another name'])).toBe('wrong');
  expect(wanting([], ['out of date'])).toBe('wrong');
  expect(wanting([], ['another name'])).toBe('right');
});
