import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cidr,
  contains,
  dotted,
  hosts,
  isAddress,
  networkOf,
  nth,
  overlap,
  usable,
} from '../../src/guide/network.ts';

const address = fc.integer({ min: 0, max: 2 ** 32 - 1 }).map(dotted);
const prefix = fc.integer({ min: 1, max: 32 });

describe('a network', () => {
  it.each(['', '10.0.0.0/33', '10.0.0/24', '10.0.0.0/24/7', 'fd00::/64', '10.0.0.0/x', '010.0.0.1'])(
    '%s is none',
    (text) => expect(networkOf(text)).toBeNull(),
  );

  it('is the same for each of its addresses', () => {
    fc.assert(
      fc.property(address, prefix, (one, length) => {
        const network = networkOf(`${one}/${length}`)!;
        expect(contains(network, one)).toBe(true);
        expect(networkOf(cidr(network))).toEqual(network);
        expect(isAddress(nth(network, 0))).toBe(true);
      }),
    );
  });

  it('overlaps another exactly when one holds the other', () => {
    fc.assert(
      fc.property(address, prefix, address, prefix, (a, x, b, y) => {
        const [one, two] = [networkOf(`${a}/${x}`)!, networkOf(`${b}/${y}`)!];
        const inside = contains(one, nth(two, 0)) || contains(two, nth(one, 0));
        expect(overlap(one, two)).toBe(inside);
      }),
    );
  });

  it('counts its addresses from either end', () => {
    const network = networkOf('172.16.0.0/12')!;
    expect([nth(network, 1), nth(network, 256), nth(network, -1), nth(network, -2)]).toEqual([
      '172.16.0.1',
      '172.16.1.0',
      '172.31.255.255',
      '172.31.255.254',
    ]);
    expect(hosts(networkOf('10.0.0.0/30')!)).toBe(2);
  });

  it.each([
    ['10.0.0.1', true],
    ['10.0.0.254', true],
    ['10.0.0.0', false],
    ['10.0.0.255', false],
    ['10.0.1.1', false],
  ])('10.0.0.0/24 has room for a host at %s: %s', (one, room) => {
    expect(usable(networkOf('10.0.0.0/24')!, one)).toBe(room);
  });
});
