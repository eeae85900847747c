import { expect, it } from 'vitest';
import { notLookedAt, unlessUnseen } from '../../src/engine/not-looked-at.ts';
import type { Diagnosis } from '../../src/model/diagnosis.ts';
import type { Flow } from '../../src/model/flow.ts';

const flow = (address: string) => ({ address, port: 80, family: 4, proto: 'tcp' }) as Flow;
const verdict = (status: Diagnosis['status']) => ({ status, summary: 'All is told.' }) as Diagnosis;

it('what was not looked at is not healthy', () => {
  const { status, summary } = unlessUnseen(verdict('healthy'), [flow('10.0.0.2'), flow('10.0.0.3')]);
  expect(status).toBe('undecided');
  expect(summary).toBe('All is told. The time was up before 10.0.0.2:80 and 10.0.0.3:80 could be looked at.');
  expect(notLookedAt(flow('10.0.0.2')).what).toBe('the way to 10.0.0.2:80');
});

it('a fault that was found stays one, and so does a verdict on all', () => {
  expect(unlessUnseen(verdict('fault'), [flow('10.0.0.2')]).status).toBe('fault');
  expect(unlessUnseen(verdict('healthy'), []).status).toBe('healthy');
});
