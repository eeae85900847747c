import { expect, test } from 'vitest';
import type { Diagnosis, Repair, Status } from '../../src/model/diagnosis.ts';
import { exitCode } from '../../src/output/exit-code.ts';
import { diagnosis } from '../repl/fixture/forwarding-off.ts';

const of = (status: Status, about: Partial<Diagnosis> = {}): Diagnosis => ({
  ...diagnosis,
  status,
  ...about,
});
const repair = (after: Status, kept: boolean): Repair => ({
  fix: '1',
  journal: 'j',
  before: 'fault',
  after,
  kept,
});

test.each([
  ['healthy', of('healthy'), 0],
  ['a fault', of('fault'), 1],
  ['undecided', of('undecided'), 3],
  ['a fault whose place alone is known', of('fault', { cause: null }), 1],
  ['repaired and verified', of('fault', { repairs: [repair('healthy', true)] }), 0],
  ['one of two repaired', of('fault', { repairs: [repair('fault', true)] }), 1],
  ['a repair that was taken back', of('fault', { repairs: [repair('fault', false)] }), 1],
  ['the other family is broken', of('healthy', { families: [of('fault')] }), 1],
  ['the other family is not decided', of('healthy', { families: [of('undecided')] }), 3],
  ['a fault is worse than not knowing', of('undecided', { families: [of('fault')] }), 1],
])('%s', (_, verdict, code) => {
  expect(exitCode(verdict)).toBe(code);
});
