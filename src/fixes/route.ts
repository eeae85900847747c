/** Fixes that add or take away routes and routing rules. */

import { ip, prefixLength, routeName, routeWords, ruleTitle } from '../kernel/routing.ts';
import type { Fix } from '../model/fix.ts';
import { run } from '../model/fix.ts';
import type { Family } from '../model/flow.ts';
import type { Netns } from '../model/netns.ts';
import type { Route, RoutingRule } from '../model/stack.ts';

const lasts = (netns: Netns | null): string =>
  netns ? 'until the container restarts' : 'until reboot, or until the network is configured again';

/** Takes the route out; undo puts it back as it was. */
export const withoutRoute = (route: Route, netns: Netns | null): Fix => ({
  title: `Remove ${routeName(route)}`,
  risk: 'disruptive',
  lasts: lasts(netns),
  affects: `all traffic to ${route.destination}${netns ? ' of this container' : ''}`,
  apply: [run([...ip(route.family), 'route', 'del', ...routeWords(route)], netns)],
  undo: [run([...ip(route.family), 'route', 'add', ...routeWords(route)], netns)],
});

/** Adds a route, given as the words after `ip route add`. */
export const withRoute = (
  family: Family,
  words: readonly string[],
  netns: Netns | null,
  about: Partial<Fix> & Pick<Fix, 'title'>,
): Fix => ({
  risk: 'safe',
  lasts: lasts(netns),
  apply: [run([...ip(family), 'route', 'add', ...words], netns)],
  undo: [run([...ip(family), 'route', 'del', ...words], netns)],
  ...about,
});

const ruleWords = (rule: RoutingRule): string[] => [
  'pref',
  String(rule.priority),
  ...rule.text.split(' ').filter((one) => one !== ''),
];

/** Takes the routing rule out; undo puts it back. */
export const withoutRule = (rule: RoutingRule, netns: Netns | null): Fix => ({
  title: `Remove ${ruleTitle(rule)}`,
  risk: 'disruptive',
  lasts: lasts(netns),
  affects: 'all traffic that the rule selects',
  apply: [run([...ip(rule.family), 'rule', 'del', ...ruleWords(rule)], netns)],
  undo: [run([...ip(rule.family), 'rule', 'add', ...ruleWords(rule)], netns)],
});

/** A route of table main for this one destination: whatever the wider route there is for, it stays. */
export function around(
  wider: Route,
  destination: string,
  { gateway, dev }: Pick<Route, 'gateway' | 'dev'>,
): Fix[] {
  const whole = wider.family === 6 ? 128 : 32;
  if (dev === null || dev === wider.dev || wider.table !== 'main') return [];
  // Beside a route for this very destination there is no place.
  if (prefixLength(wider) === whole) return [];
  const words = [`${destination}/${whole}`, ...(gateway ? ['via', gateway] : []), 'dev', dev];
  return [
    withRoute(wider.family, words, null, {
      title: `Lead ${destination} alone by ${dev}, around ${routeName(wider)}`,
      // It may be there to keep exactly this from going out otherwise: that is for a person to say.
      risk: 'disruptive',
      affects: `traffic to ${destination}; ${routeName(wider)} stays for everything else`,
    }),
  ];
}

/** A rule just before `rule` that looks this destination up in another table. */
function firstIn(table: string, rule: RoutingRule, destination: string, netns: Netns | null): Fix[] {
  if (rule.priority < 2) return [];
  const words = ['pref', String(rule.priority - 1), 'to', destination, 'lookup', table];
  return [
    {
      title: `Look ${destination} up in table ${table}, before ${ruleTitle(rule)}`,
      risk: 'safe',
      lasts: lasts(netns),
      affects: `all traffic to ${destination}`,
      apply: [run([...ip(rule.family), 'rule', 'add', ...words], netns)],
      undo: [run([...ip(rule.family), 'rule', 'del', ...words], netns)],
    },
  ];
}

export const mainFirst = (rule: RoutingRule, destination: string, netns: Netns | null): Fix[] =>
  firstIn('main', rule, destination, netns);

/** For an address that is the namespace's own. */
export const localFirst = (rule: RoutingRule, destination: string, netns: Netns | null): Fix[] =>
  firstIn('local', rule, destination, netns);
