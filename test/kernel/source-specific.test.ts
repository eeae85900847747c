/** IPv6 routes for some sources only. Every answer is what Linux 6.18 gave to `ip -6 route get … from … iif b0`. */
import { expect, test } from 'vitest';
import { decide, isFor, routeName, routeWords } from '../../src/kernel/routing.ts';
import { forOthers } from '../../src/kernel/source-specific.ts';
import { containerStack, route } from '../causes/lab-state.ts';

const by = (gateway: string, about: Parameters<typeof route>[1] = {}) =>
  route('::/0', { dev: 'up0', metric: 1024, protocol: 'boot', gateway: `2001:db8::${gateway}`, ...about });
const ours = { from: '2001:db8::/64' };
const [far, inside, foreign] = ['2001:db8:f::/64', '2001:db8::9', 'fd00:88::2'];

const packet = (source: string | null) =>
  ({ family: 6, destination: '2001:db8:f::1', source, iif: 'b0' }) as const;
const within = (...routes: ReturnType<typeof route>[]) => ({ ...containerStack('a'), routes });

/** The gateway that packets of this source are given; null: they have no route. */
function taken(source: string | null, ...routes: ReturnType<typeof route>[]): string | null {
  const found = decide(within(...routes), packet(source));
  return found.kind === 'route' ? found.route.gateway : null;
}

test('it is for its sources alone, and one for all beside it, of a worse metric, for the others', () => {
  expect(taken(foreign, by('2', ours))).toBeNull();
  expect(taken(inside, by('2', ours))).toBe('2001:db8::2');
  const beside = by('3', { metric: 4096 });
  expect(taken(foreign, by('2', ours), beside)).toBe('2001:db8::3');
  expect(taken(inside, beside, by('2', ours))).toBe('2001:db8::2');
});

test('the destination counts before the source, and the source before the metric', () => {
  const [narrow, narrower] = [
    by('4', { destination: far, ...ours }),
    by('6', { destination: far, from: '2001:db8::8/125', metric: 9999 }),
  ];
  expect(taken(foreign, by('3'), narrow)).toBe('2001:db8::3');
  expect(taken(inside, by('2', ours), by('3'), narrow)).toBe('2001:db8::4');
  expect(taken(inside, narrow, narrower)).toBe('2001:db8::6');
});

test('where others have a route of their own, one for all to the same prefix is passed over', () => {
  const [narrow, forAll] = [by('4', { destination: far, ...ours }), by('5', { destination: far })];
  expect(taken(foreign, by('3'), narrow, forAll)).toBe('2001:db8::3');
  expect(taken(foreign, forAll)).toBe('2001:db8::5');
  expect(taken(foreign, narrow, forAll)).toBeNull();
});

test('a source that is not chosen yet is for any, where none is for all', () => {
  expect(taken(null, by('2', ours))).toBe('2001:db8::2');
  expect(taken(null, by('2', ours), by('3', { metric: 4096 }))).toBe('2001:db8::3');
  expect(isFor(by('2', { from: 'nonsense' }), packet(inside))).toBe(false);
});

test('the sources that have a route where this one has none', () => {
  const stack = within(by('2', ours), by('2', { from: '2001:db8:1::/64' }), by('2', { table: '7' }));
  expect(forOthers(stack, packet(foreign))).toEqual({
    route: stack.routes[0],
    sources: ['2001:db8::/64', '2001:db8:1::/64'],
  });
  expect(forOthers(stack, packet(inside))).toBeUndefined();
  expect(forOthers(within(), packet(foreign))).toBeUndefined();
});

test('its words name it exactly', () => {
  expect(routeName(by('2', ours))).toBe('the route default from 2001:db8::/64 via 2001:db8::2 dev up0');
  expect(routeWords(by('2', ours)).join(' ')).toBe(
    'default from 2001:db8::/64 via 2001:db8::2 dev up0 metric 1024',
  );
});
