import { expect, test } from 'vitest';
import { type Evidence, goesOnToPolicy } from '../../src/model/evidence.ts';

const rule = (says: string): Evidence => ({
  witness: 'rule',
  at: null,
  microseconds: 1,
  says,
  agrees: null,
  source: ['nft', 'monitor', 'trace'],
});

test('that a chain went on is no news beside the verdict of its policy, and is news alone', () => {
  const met = 'request met the policy of chain FORWARD of table ip filter';
  const [on, drop] = [rule(`${met}: continue`), rule(`${met}: policy drop`)];
  expect(goesOnToPolicy(on, [on, drop])).toBe(true);
  expect(goesOnToPolicy(drop, [on, drop])).toBe(false);
  expect(goesOnToPolicy(on, [on])).toBe(false);
  expect(
    goesOnToPolicy(on, [on, rule('request met the policy of chain INPUT of table ip filter: drop')]),
  ).toBe(false);
});
