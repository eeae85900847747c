import type { Route } from '../../model/stack.ts';
import { type Fields, fields, list, number, text, words } from './json.ts';

const gatewayOf = (entry: Fields): string | null => text(entry.gateway) ?? text(fields(entry.via).host);

/**
 * `default` says no family: only IPv6 routes carry a preference (RFC 4191, always sent by the kernel), and a family of
 * the gateway that differs from the route's own is written as `via` instead.
 */
function familyOf(entry: Fields): 4 | 6 {
  const clues = [entry.dst === 'default' ? null : entry.dst, entry.gateway, entry.prefsrc, entry.from];
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
  return entries.flatMap((entry) => {
    const family = familyOf(entry);
    const hops = list(entry.nexthops);
    const from = text(entry.from);
    return (hops.length === 0 ? [entry] : hops).map((hop) => ({
      family,
      destination: destinationOf(entry, family),
      ...(from === null ? {} : { from: withLength(from, family) }),
      type: text(entry.type) ?? 'unicast',
      gateway: gatewayOf(hop),
      dev: text(hop.dev),
      table: String(entry.table ?? 'main'),
      metric: number(entry.metric) ?? 0,
      source: text(entry.prefsrc),
      protocol: text(entry.protocol),
      scope: text(entry.scope),
      ...(entry.pref === 'high' || entry.pref === 'low' ? { preference: entry.pref } : {}),
      ...(number(entry.expires) === null ? {} : { expires: number(entry.expires)! }),
      ...(hops.length === 0 ? {} : { weight: number(hop.weight) ?? 1 }),
      flags: [...new Set([...words(entry.flags), ...words(hop.flags)])],
    }));
  });
}
