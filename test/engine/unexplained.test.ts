// No verdict without a word of what stands behind it.
import { expect, test } from 'vitest';
import { evidence } from '../../src/engine/evidence.ts';
import { withWhy } from '../../src/engine/unexplained.ts';
import type { Scene } from '../../src/model/scene.ts';
import { neighbour } from '../causes/lab-state.ts';
import { healthy, lostAt } from '../causes/scene.ts';

test('what the sender was told, and the next hop that it waits for, where no witness saw anything', () => {
  const lab = lostAt(healthy('sibling', 6), 0);
  lab.sightings = [];
  lab.control = null;
  lab.outcomes = lab.outcomes.map((one) => ({ ...one, result: 'error', errno: 'EHOSTUNREACH' }) as never);
  lab.stacks.container.neighbours = [neighbour(lab.flow.address, 'eth0', null, 'FAILED') as never];
  const says = evidence(lab as unknown as Scene, [], undefined).map((one) => one.says);
  expect(says).toEqual([
    'the sender’s own kernel said EHOSTUNREACH to it',
    'fd00:88::3, to which eth0 hands it, is FAILED in the neighbour table',
  ]);
});

test('a verdict without evidence says so, and one that is undecided says why', () => {
  expect(withWhy({ status: 'fault', evidence: [] }, [])).toMatchObject([
    { because: expect.stringContaining('no hop saw them') },
  ]);
  const one = evidence(lostAt(healthy(), 3) as unknown as Scene, [], undefined);
  expect(withWhy({ status: 'undecided', evidence: one }, [])).toMatchObject([
    { because: expect.stringContaining('does not decide') },
  ]);
});

test('where something is said, or all is well, nothing is added', () => {
  const said = [{ what: 'packets on eth0', because: 'nobody may look' }];
  expect(withWhy({ status: 'undecided', evidence: [] }, said)).toEqual(said);
  expect(withWhy({ status: 'healthy', evidence: [] }, [])).toEqual([]);
  const one = evidence(lostAt(healthy(), 3) as unknown as Scene, [], undefined);
  expect(withWhy({ status: 'fault', evidence: one }, [])).toEqual([]);
});
