import { expect, test } from 'vitest';
import { outerLengths } from '../../src/kernel/encapsulation.ts';

test.each([
  // As `tcpdump -v` shows them: an inner packet of 84 bytes.
  ['ipip', 104],
  ['gre', 108],
  ['vxlan', 134],
  ['geneve', 134],
  ['wireguard', 156],
])('a ping of 84 bytes is longer inside %s: %i', (kind, length) => {
  expect(outerLengths(kind, 84)).toContain(length);
});

test('of a kind that is no tunnel nothing is known', () => {
  expect(outerLengths('veth', 84)).toEqual([]);
});
