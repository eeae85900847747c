import type { Route } from '../../model/stack.ts';
import { type Fields, fields, list, number, text, words } from './json.ts';

const gatewayOf = (entry: Fields): string | null => text(entry.gateway) ?? text(fields(entry.via).host);

/**
 * `default` says no family: only IPv6 routes carry a preference (RFC 4191, always sent by the kernel), and a family of
 * the gateway that differs from the route's own is written as `via` instead.
 */
function familyOf(entry: Fields): 4 | 6 {
  if (typeof entry.dst === 'string' && entry.dst !== 'default') return entry.dst.includes(':') ? 6 : 4;
  const clues = [entry.gateway, entry.prefsrc, entry.from];
  const clue = clues.find((word): word is string => typeof word === 'string' && word !== 'default');
  if (clue !== undefined) return clue.includes(':') ? 6 : 4;
  if ('pref' in entry) return 6;
  const hop = list(entry.nexthops).map((nexthop) => text(nexthop.gateway))[0];
  return hop?.includes(':') ? 6 : 4;
}

function destinationOf(entry: Fields, family: 4 | 6): string {
  const destination = text(entry.dst) ?? 'default';
  if (destination === 'default') return family === 6 ? '::/0' : '0.0.0.0/0';
  return withLength(destination, family);
}

const withLength = (prefix: string, family: 4 | 6): string =>
  prefix.includes('/') ? prefix : `${prefix}/${family === 6 ? 128 : 32}`;

/** The routes of one entry of `ip -j -d route show`: one for each next hop of a multipath route. */
export function routesFrom(entries: readonly Fields[]): Route[] {
  const routes: Route[] = [];
  for (const entry of entries) {
    // The kernel passes it over, and lists it until it is collected: rt6_check_expired(), net/ipv6/route.c.
    if ((number(entry.expires) ?? 0) < 0) continue;
    const family = familyOf(entry);
    const hops = list(entry.nexthops);
    if (hops.length === 0) routes.push(routeOf(entry, entry, family));
    for (const hop of hops) routes.push({ ...routeOf(entry, hop, family), weight: number(hop.weight) ?? 1 });
  }
  return routes;
}

/** What few routes have is added to those: a spread makes each of thousands of objects ten times as dear. */
function routeOf(entry: Fields, hop: Fields, family: 4 | 6): Route {
  const flags = words(entry.flags);
  const route: { -readonly [K in keyof Route]: Route[K] } = {
    family,
    destination: destinationOf(entry, family),
    type: text(entry.type) ?? 'unicast',
    gateway: gatewayOf(hop),
    dev: text(hop.dev),
    table: String(entry.table ?? 'main'),
    metric: number(entry.metric) ?? 0,
    source: text(entry.prefsrc),
    protocol: text(entry.protocol),
    scope: text(entry.scope),
    flags: hop === entry ? flags : [...new Set([...flags, ...words(hop.flags)])],
  };
  const [from, expires, nhid] = [text(entry.from), number(entry.expires), number(entry.nhid)];
  if (from !== null) route.from = withLength(from, family);
  if (entry.pref === 'high' || entry.pref === 'low') route.preference = entry.pref;
  if (expires !== null) route.expires = expires;
  if (nhid !== null) route.nhid = nhid;
  return route;
}
