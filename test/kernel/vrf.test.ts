import { describe, expect, test } from 'vitest';
import { isContainerLink } from '../../src/kernel/attachment.ts';
import { decide } from '../../src/kernel/routing.ts';
import { tableFor, vrfOf } from '../../src/kernel/vrf.ts';
import type { Stack } from '../../src/model/stack.ts';
import { link, route, rule } from '../causes/lab-state.ts';

/** `w0` and `br0` belong to the VRF red; main leads out by `w1`. */
const stack = (table: string): Stack => ({
  netns: null,
  links: [
    link(1, 'red', 'vrf', { data: { table: 100 } }),
    link(2, 'w0', 'veth', { master: 'red', portOf: 'vrf' }),
    link(3, 'br0', 'bridge', { master: 'red', portOf: 'vrf' }),
    link(4, 'w1', 'veth'),
  ],
  routes: [
    route('0.0.0.0/0', { dev: 'w1', gateway: '203.0.113.1' }),
    route('0.0.0.0/0', { dev: 'w0', gateway: '192.0.2.2', table }),
    route('192.0.2.1/32', { dev: 'w0', type: 'local', table }),
  ],
  rules: [
    rule(0, 'from all lookup local'),
    rule(1000, 'from all l3mdev', { action: 'l3mdev' }),
    rule(32766, 'from all lookup main'),
  ],
  neighbours: [],
});
const wayOf = (iif: string | null, host = stack('100')) => {
  const found = decide(host, { family: 4, destination: '198.51.100.1', source: null, iif });
  return found.kind === 'route' ? found.route.dev : null;
};

describe('a VRF', () => {
  test('decides by its own table about what comes in by its interfaces, and about nothing else', () => {
    expect([wayOf('br0'), wayOf('w0'), wayOf('red')]).toEqual(['w0', 'w0', 'w0']);
    expect([wayOf('w1'), wayOf(null)]).toEqual(['w1', 'w1']);
  });

  test('whose table has a name is found by the addresses that the kernel keeps there', () => {
    const named = stack('blue');
    expect([tableFor(named, 'br0'), tableFor(named, 'w1')]).toEqual(['blue', 'main']);
    expect(wayOf('br0', named)).toBe('w0');
  });

  test('makes no container’s link of an uplink, and is no uplink itself', () => {
    const [red, w0, br0] = stack('100').links;
    expect([red, w0, br0].map((one) => isContainerLink(one!))).toEqual([true, false, true]);
    expect(vrfOf(stack('100'), 'w1')).toBeUndefined();
  });
});
