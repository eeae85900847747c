/** Rules that are for what some users send, as far as they may be met by a flow. */
import { expect, test } from 'vitest';
import { ownerRules } from '../../src/kernel/by-owner.ts';
import type { Flow } from '../../src/model/flow.ts';
import { iptables, nft } from '../causes/rules-of.ts';
import { connecting as flow } from '../examples/flow.ts';

const six: Flow = { ...flow, to: '[2001:db8::1]:80', address: '2001:db8::1', family: 6 };
const RULE = '-A OUTPUT -m owner --uid-owner 5000 -j DROP';

test('one of a table of the other family is for nothing that the flow sends', () => {
  const both = [...iptables(RULE), ...iptables(RULE, 'ip6')];
  expect(ownerRules(both, flow).map(({ family }) => family)).toEqual(['ip']);
  expect(ownerRules(both, six).map(({ family }) => family)).toEqual(['ip6']);
  const native = nft('meta skuid 5000 drop', { hook: 'output', family: 'inet' });
  expect([flow, six].map((one) => ownerRules([native], one))).toEqual([[native], [native]]);
});
