import { expect, it } from 'vitest';
import { isSameRule } from '../../src/kernel/rules.ts';
import type { Rule } from '../../src/model/evidence.ts';

const rule: Rule = {
  engine: 'nft',
  family: 'ip',
  table: 'docker-bridges',
  chain: 'filter-forward-out__br0',
  hook: null,
  number: 2,
  handle: 41,
  text: 'oifname != "br0" counter packets 2 bytes 120 drop',
  verdict: 'drop',
  owner: 'docker',
};

it('is the same when its counters have gone on since the last look', () => {
  const later = { ...rule, text: rule.text.replace('2 bytes 120', '3 bytes 180') };
  expect(isSameRule(rule, later)).toBe(true);
});

it('is another one in another chain, table or place', () => {
  for (const other of [{ chain: 'x' }, { table: 'x' }, { number: 3 }, { family: 'inet' }] as const)
    expect(isSameRule(rule, { ...rule, ...other })).toBe(false);
});
