/** Fixes that lead an answer back by the interface that its question came in by. */
import { covering } from '../kernel/attachment.ts';
import { subnetOf } from '../kernel/nat.ts';
import type { Returning } from '../kernel/returning.ts';
import { longestMatch } from '../kernel/routing.ts';
import { netnsOf } from '../kernel/travel.ts';
import type { Fix } from '../model/fix.ts';
import { type Scene, seen } from '../model/scene.ts';
import { linkNamed, type Route, type RoutingRule } from '../model/stack.ts';
import { mainFirst, withoutRoute, withRoute } from './route.ts';

/** Through the table that lacks it or table main, by the lost subnet route, or by the neighbour the request came from. */
export function leadBack(scene: Scene, way: Returning, route: Route, rule: RoutingRule): Fix[] {
  const { family } = scene.flow;
  const { stack, destination, expected } = way;
  const netns = netnsOf(scene, way.side);
  const link = linkNamed(stack, expected);
  const own = link && covering(link, destination);
  const main = longestMatch(stack, 'main', { family, destination, source: way.source, iif: null });
  const whole = family === 6 ? 128 : 32;
  const subnet = own ? subnetOf(own.address, own.prefix) : `${destination}/${whole}`;
  const has = (table: string): boolean =>
    stack.routes.some((one) => one.dev === expected && one.destination === subnet && one.table === table);
  if (rule.table !== null && rule.table !== 'main' && main?.dev === expected)
    return [
      ...mainFirst(rule, subnet, netns),
      ...(own && !has(rule.table)
        ? [
            withRoute(family, [subnet, 'dev', expected, 'table', rule.table], netns, {
              title: `Add the route to ${subnet} to table ${rule.table}, which lacks it`,
              affects: `what that table routes to ${subnet}`,
            }),
          ]
        : []),
    ];
  if (own && !has('main'))
    return [
      withRoute(family, [subnet, 'dev', expected, 'src', own.address], netns, {
        title: `Put the route to ${subnet} back`,
      }),
    ];
  if (own && rule.table === 'main') return [withoutRoute(route, netns)];
  const at = way.side === 'host' ? scene.path.hops[0] : scene.path.hops.at(-1);
  const frame = at && seen(scene, at.id, 'request')[0];
  const near = stack.neighbours.find(
    (one) => one.dev === expected && one.mac !== null && one.mac === frame?.sourceMac,
  );
  return near
    ? [
        withRoute(family, [`${destination}/${whole}`, 'via', near.address, 'dev', expected], netns, {
          title: `Answer ${destination} by ${expected}, where it comes from`,
          affects: `traffic to ${destination}`,
        }),
      ]
    : [];
}
