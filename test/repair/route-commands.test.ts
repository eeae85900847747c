import { expect, it } from 'vitest';
import { addRoute, removeRoute } from '../../src/repair/route-commands.ts';
import { routeLines } from '../../src/repair/routes.ts';

it('makes commands of what ip(8) lists', () => {
  const row = 'unicast default via 10.88.0.1 dev eth0 proto boot scope global onlink';
  expect(addRoute(row, '-4')).toEqual(['ip', '-4', 'route', 'append', ...row.split(' ')]);
});

// As iproute2 6.1 lists them, one a line: it refuses a nexthop beside the id of one.
it.each([
  [
    'unicast 10.9.0.0/16 nhid 7 via 10.1.0.2 dev v0 proto boot scope global onlink',
    '10.9.0.0/16 nhid 7 proto boot scope global',
  ],
  [
    'unicast 10.9.0.0/16 nhid 8 dev v0 proto boot scope global \\\tnh_info id 8 dev v0 scope host proto unspec ',
    '10.9.0.0/16 nhid 8 proto boot scope global',
  ],
  [
    'unicast 10.9.0.0/16 nhid 10 proto boot scope global metric 5 \\\tnexthop via 10.1.0.2 dev v0 weight 1 \\\tnexthop via 10.1.0.3 dev v0 weight 1 ',
    '10.9.0.0/16 nhid 10 proto boot scope global metric 5',
  ],
  ['unicast 10.9.0.0/16 nhid 7 via inet6 fe80::1 dev v0 metric 5', '10.9.0.0/16 nhid 7 metric 5'],
])('names a nexthop object by its id alone: %s', (listed, words) => {
  const [row] = routeLines(listed) as [string];
  expect(removeRoute(row, '-4').join(' ')).toBe(`ip -4 route del unicast ${words}`);
});
