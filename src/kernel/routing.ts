/** What a namespace's rules and routes say about a packet, worked out as the kernel does (fib_rules.c, fib_lookup). */
import ipaddr from 'ipaddr.js';
import type { Family } from '../model/flow.ts';
import { destinationName, type Route, type RoutingRule, type Stack } from '../model/stack.ts';
import { capital } from '../words/text.ts';
import { within } from './nat.ts';
import { tableOf, vrfOf } from './vrf.ts';

export interface Packet {
  readonly family: Family;
  readonly destination: string;
  readonly source: string | null;
  /** Routes that are for other sources alone count as well. */
  readonly ofAnySource?: true;
  /** Interface it came in by; null for one that this namespace sends itself. */
  readonly iif: string | null;
  readonly mark?: number;
  /** Of the socket that sends it. */
  readonly uid?: number;
  /** Where they are known, rules that select by them can be judged. */
  readonly proto?: string;
  readonly port?: number | null;
  readonly sourcePort?: number | null;
}

export type Routing =
  | { readonly kind: 'route'; readonly route: Route; readonly rule: RoutingRule }
  /** A route or a rule that refuses: blackhole, unreachable, prohibit. */
  | { readonly kind: 'rejected'; readonly route: Route | null; readonly rule: RoutingRule }
  | { readonly kind: 'none' };

const REJECTS = /^(blackhole|unreachable|prohibit)$/;

export const prefixLength = (route: Route): number => Number(route.destination.split('/')[1]);

/** A reject route of the kernel's own at the bottom of an IPv6 table says the same as no route. */
const isNullEntry = (route: Route): boolean => route.family === 6 && route.metric >= 4294967295;

/** rt6_score_route(), net/ipv6/route.c: it decides between routers of one metric. */
const PREFERENCE = { high: 0, medium: 1, low: 2 } as const;

/** Is the route for packets of this source? One that is not chosen yet is known to none. */
export const isFor = (
  { from }: Route,
  { source, ofAnySource }: Pick<Packet, 'source' | 'ofAnySource'>,
): boolean => from === undefined || ofAnySource === true || (source !== null && holds(from, source));

const sourceLength = ({ from }: Route): number => (from === undefined ? 0 : Number(from.split('/')[1]));

/**
 * Of routes to one destination those for the packet's source alone come before those for all. Where there are only ones
 * for other sources, fib6_node_lookup_1() (net/ipv6/ip6_fib.c) goes on to a wider destination, past the one for all that
 * stands beside them, unless it is the default route, where the search ends.
 */
function forSource(routes: readonly Route[], packet: Packet): readonly Route[] {
  const isShadowed = ({ destination }: Route): boolean =>
    !destination.endsWith('/0') &&
    routes.some((one) => one.from !== undefined && one.destination === destination);
  return routes.filter((one) => isFor(one, packet) && (one.from !== undefined || !isShadowed(one)));
}

/** The most specific route of a table for this address; of equals the one with the lowest metric, then the preferred router. */
export function longestMatch(stack: Stack, table: string, packet: Packet, above = -1): Route | undefined {
  const there = stack.routes.filter(
    (route) =>
      route.table === table &&
      route.family === packet.family &&
      !route.flags.includes('dead') &&
      !isNullEntry(route) &&
      prefixLength(route) > above &&
      covers(route, packet.destination),
  );
  return [...forSource(there, packet)].sort(
    (a, b) =>
      prefixLength(b) - prefixLength(a) ||
      sourceLength(b) - sourceLength(a) ||
      a.metric - b.metric ||
      PREFERENCE[a.preference ?? 'medium'] - PREFERENCE[b.preference ?? 'medium'],
  )[0];
}

/** Does the route lead to this address? False for a route whose destination cannot be read. */
export const covers = (route: Route, address: string): boolean => holds(route.destination, address);

function holds(prefix: string, address: string): boolean {
  try {
    return within(address, prefix);
  } catch {
    return false;
  }
}

const FIXED: readonly [number, string][] = [
  [0, 'local'],
  [32766, 'main'],
  [32767, 'default'],
];

/** The rules of a family in order; where none could be read, the three a kernel starts with. */
export function rulesOf(stack: Stack, family: Family): readonly RoutingRule[] {
  const own = stack.rules.filter((rule) => rule.family === family);
  if (own.length > 0) return own.toSorted((a, b) => a.priority - b.priority);
  return FIXED.map(([priority, table]) => ({
    family,
    priority,
    text: `from all lookup ${table}`,
    table,
    action: 'lookup',
  }));
}

const word = (rule: RoutingRule, name: string): string | undefined =>
  new RegExp(`(?:^|\\s)${name} (\\S+)`).exec(rule.text)?.[1];

const inPrefix = (address: string | null, prefix: string | undefined): boolean => {
  if (prefix === undefined || prefix === 'all') return true;
  if (address === null) return false;
  const length = ipaddr.parse(prefix.split('/')[0]!).kind() === 'ipv6' ? 128 : 32;
  return within(address, prefix.includes('/') ? prefix : `${prefix}/${length}`);
};

/** A selector that is absent takes everything; one that cannot be judged, nothing. */
const isOf = (wanted: string | undefined, own: string | number | null | undefined): boolean =>
  wanted === undefined || (own != null && wanted === String(own));

function isWithin(wanted: string | undefined, own: number | null | undefined): boolean {
  const [low, high] = (wanted ?? '').split('-').map(Number);
  return wanted === undefined || (own != null && own >= low! && own <= (high ?? low!));
}

/** Does the rule take the packet? A selector that cannot be judged from here (tos, a uid that nobody told) counts as not matching. */
export function takes(rule: RoutingRule, packet: Packet): boolean {
  const mark = word(rule, 'fwmark');
  const iif = word(rule, 'iif');
  const matches =
    inPrefix(packet.source, word(rule, 'from')) &&
    inPrefix(packet.destination, word(rule, 'to')) &&
    (iif === undefined || iif === (packet.iif ?? 'lo')) &&
    (mark === undefined || Number(mark.split('/')[0]) === (packet.mark ?? 0)) &&
    isOf(word(rule, 'ipproto'), packet.proto) &&
    isWithin(word(rule, 'dport'), packet.port) &&
    isWithin(word(rule, 'sport'), packet.sourcePort) &&
    isWithin(word(rule, 'uidrange'), packet.uid) &&
    !/(?:^|\s)(oif|tos|dsfield|tun_id) /.test(rule.text);
  return rule.text.startsWith('not ') ? !matches : matches;
}

/** Which table the rule looks up: of `l3mdev` that of the VRF by which the packet came in, and none without one. */
function tableOfRule(stack: Stack, rule: RoutingRule, { iif }: Packet): string | null {
  if (rule.action !== 'l3mdev') return rule.table;
  const vrf = vrfOf(stack, iif);
  return vrf ? tableOf(stack, vrf) : null;
}

/**
 * The decision for one packet: the first rule that leads to an answer wins. A sender that has not chosen its source yet
 * chooses one where no route is for all, and asks again with it (ip6_dst_lookup_tail(), net/ipv6/ip6_output.c): so does
 * this, for any source.
 */
export function decide(stack: Stack, packet: Packet): Routing {
  const found = decideFor(stack, packet);
  return found.kind === 'none' && packet.source === null
    ? decideFor(stack, { ...packet, ofAnySource: true })
    : found;
}

function decideFor(stack: Stack, packet: Packet): Routing {
  for (const rule of rulesOf(stack, packet.family)) {
    if (!takes(rule, packet)) continue;
    if (rule.action !== null && REJECTS.test(rule.action)) return { kind: 'rejected', route: null, rule };
    const table = tableOfRule(stack, rule, packet);
    if (table === null) continue;
    const above = /suppress_prefixlength (\d+)/.exec(rule.text)?.[1];
    const route = longestMatch(stack, table, packet, above === undefined ? -1 : Number(above));
    if (!route || route.type === 'throw') continue;
    return REJECTS.test(route.type) ? { kind: 'rejected', route, rule } : { kind: 'route', route, rule };
  }
  return { kind: 'none' };
}

/** The words after `ip route add` or `ip route del` that name this route exactly. */
export function routeWords(route: Route): string[] {
  const optional = (name: string, value: string | number | null): string[] =>
    value === null || value === '' ? [] : [name, String(value)];
  const isKind = route.type !== 'unicast';
  // IPv4 by a next hop of IPv6 (RTA_VIA): of `default` alone ip(8) would make a route of IPv6.
  const isVia = route.gateway?.includes(':') === true && !route.destination.includes(':');
  // Of a nexthop object that is told by its id, and nothing besides: fib_create_info(), net/ipv4/fib_semantics.c.
  const leading = [
    ...(isVia ? ['via', 'inet6', route.gateway!] : optional('via', route.gateway)),
    ...(isKind && route.dev === 'lo' ? [] : optional('dev', route.dev)),
  ];
  return [
    ...(isKind ? [route.type] : []),
    isVia ? route.destination : destinationName(route),
    ...optional('from', route.from ?? null),
    ...(route.nhid === undefined ? leading : ['nhid', String(route.nhid)]),
    ...optional('table', route.table === 'main' ? null : route.table),
    ...optional('metric', route.metric === 0 ? null : route.metric),
    ...optional('proto', route.protocol === 'boot' ? null : route.protocol),
    ...optional('scope', route.scope === 'link' ? route.scope : null),
    ...optional('src', route.source),
    ...(route.nhid === undefined && route.flags.includes('onlink') ? ['onlink'] : []),
  ];
}

/** `ip` or `ip -6`, as routes and rules of the family want it. */
export const ip = (family: Family): [string, ...string[]] => (family === 6 ? ['ip', '-6'] : ['ip']);

/** `the route 198.51.100.0/24 dev tun0` or `rule 5270 (from all lookup 52)`. */
export const routeName = (route: Route): string =>
  [
    'the',
    route.type === 'unicast' ? 'route' : `${route.type} route`,
    destinationName(route),
    ...(route.from ? ['from', route.from] : []),
    ...(route.gateway ? ['via', route.gateway] : []),
    ...(route.dev ? ['dev', route.dev] : []),
    ...(route.table === 'main' ? [] : ['of table', route.table]),
  ].join(' ');

export const ruleTitle = (rule: RoutingRule): string => `rule ${rule.priority} (${rule.text})`;

/** The sentence that says of whom the rule leads packets to its table; nothing where it is not for some users alone. */
export const leadsUser = (rule: RoutingRule, uid: number | undefined): string =>
  uid !== undefined && /(?:^|\s)uidrange /.test(rule.text)
    ? `${capital(ruleTitle(rule))} leads packets of user ${uid} to table ${rule.table}. `
    : '';
