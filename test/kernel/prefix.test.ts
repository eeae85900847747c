import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { expect, test } from 'vitest';
import { within } from '../../src/kernel/prefix.ts';

test.each([
  ['10.88.0.2', '10.88.0.0/24', true],
  ['10.89.0.2', '10.88.0.0/24', false],
  ['10.88.0.2', '0.0.0.0/0', true],
  ['10.88.0.2', '10.88.0.2', true],
  ['10.88.0.2', '10.88.0.3', false],
  ['fd00::1', 'fd00::/64', true],
  ['fd00::1', 'FD00:0::1', true],
  ['fd00:1::1', 'fd00::/64', false],
  ['fd00::1', '::/0', true],
  ['10.88.0.2', '::/0', false],
  ['fd00::1', '0.0.0.0/0', false],
  ['::ffff:10.88.0.2', '10.88.0.0/24', false],
])('%s inside %s: %s', (address, prefix, is) => {
  // Asked again, the answer is the same.
  expect([within(address, prefix), within(address, prefix)]).toEqual([is, is]);
});

test.each([
  ['web', '10.88.0.0/24'],
  ['10.88.0.2', 'web/24'],
  ['10.88.0.2', '10.88.0.0/33'],
  ['10.88.0.2', 'fd00::zz/64'],
  ['10.88.0.2', 'web'],
])('%s inside %s cannot be said', (address, prefix) => {
  expect(() => within(address, prefix)).toThrow();
  expect(() => within(address, prefix)).toThrow();
});

test('it says what ipaddr.js does, of any prefix', () => {
  fc.assert(
    fc.property(fc.ipV4(), fc.ipV4(), fc.nat(32), (address, network, bits) => {
      const prefix = `${network}/${bits}`;
      expect(within(address, prefix)).toBe(ipaddr.parse(address).match(ipaddr.parseCIDR(prefix)));
    }),
  );
});
