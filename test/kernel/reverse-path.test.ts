import { expect, test } from 'vitest';
import { comparesWayBack } from '../../src/kernel/reverse-path.ts';
import { firewallRule } from '../causes/scene.ts';

test.each([
  ['fib saddr . iif oif missing drop', 'strict'],
  ['iifname "up0" fib saddr . mark . iif oif 0 counter packets 3 bytes 216 drop', 'strict'],
  ['fib saddr . iif check missing drop', 'strict'],
  ['fib saddr oif missing drop', 'loose'],
  // What has a way back is what these take.
  ['fib saddr . iif oif exists drop', null],
  ['fib saddr . iif oif != 0 drop', null],
  // The type of the source, or of its own interface, is another question.
  ['iifname != "wg0" ip daddr 10.9.0.2 fib saddr type != local drop', null],
  ['fib saddr . iif type unicast drop', null],
  ['fib daddr . iif oif missing drop', null],
  ['drop comment "fib saddr . iif oif missing"', null],
])('%s: %s', (text, mode) => {
  expect(comparesWayBack(firewallRule({ engine: 'nft', text }))).toBe(mode);
});

test.each([
  ['-A PREROUTING -m rpfilter --validmark --invert -j DROP', 'strict'],
  ['-A PREROUTING -m rpfilter --loose --invert -j DROP', 'loose'],
  ['-A PREROUTING -m rpfilter -j DROP', null],
  ['-A PREROUTING -m comment --comment "-m rpfilter --invert" -j DROP', null],
])('%s: %s', (text, mode) => {
  expect(comparesWayBack(firewallRule({ engine: 'iptables-nft', text }))).toBe(mode);
});
