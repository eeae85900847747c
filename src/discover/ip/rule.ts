import type { RoutingRule } from '../../model/stack.ts';
import { type Fields, number, text } from './json.ts';

/** `10.7.0.0/16` of the pair that iproute2 prints; a host has no length. */
const prefix = (entry: Fields, key: 'src' | 'dst'): string | null => {
  const address = text(entry[key]);
  const length = number(entry[`${key}len`]);
  return address === null || length === null ? address : `${address}/${length}`;
};

const range = (entry: Fields, one: string, from: string, to: string): string | null =>
  one in entry ? String(entry[one]) : from in entry ? `${entry[from]}-${entry[to]}` : null;

/** What the rule does, in the words of ip-rule(8). */
function actionOf(entry: Fields): string {
  if ('table' in entry) return `lookup ${entry.table}`;
  if ('l3mdev' in entry) return 'l3mdev';
  if ('goto' in entry) return `goto ${entry.goto}`;
  return text(entry.action) ?? 'nop';
}

/** The rule as `ip rule add` takes it, so that it can be deleted and put back. */
function ruleText(entry: Fields): string {
  const mask = text(entry.fwmask);
  const mark = text(entry.fwmark);
  const selectors: [string, string | null][] = [
    ['from', prefix(entry, 'src') ?? 'all'],
    ['to', prefix(entry, 'dst')],
    ['tos', text(entry.tos)],
    ['fwmark', mark === null ? null : mask === null ? mark : `${mark}/${mask}`],
    ['iif', text(entry.iif)],
    ['oif', text(entry.oif)],
    ['uidrange', 'uid_start' in entry ? `${entry.uid_start}-${entry.uid_end}` : null],
    ['ipproto', text(entry.ipproto)],
    ['sport', range(entry, 'sport', 'sport_start', 'sport_end')],
    ['dport', range(entry, 'dport', 'dport_start', 'dport_end')],
    ['tun_id', text(entry.tun_id)],
  ];
  const suppress = [
    ['suppress_prefixlength', number(entry.suppress_prefixlen)],
    ['suppress_ifgroup', text(entry.suppress_ifgroup)],
  ].flatMap(([word, value]) => (value === null ? [] : [`${word} ${value}`]));
  return [
    ...('not' in entry ? ['not'] : []),
    ...selectors.flatMap(([word, value]) => (value === null ? [] : [`${word} ${value}`])),
    actionOf(entry),
    ...suppress,
  ].join(' ');
}

/** Routing policy rules of one family, from `ip -j rule show`. */
export const rulesFrom = (entries: readonly Fields[], family: 4 | 6): RoutingRule[] =>
  entries.map((entry) => ({
    family,
    priority: number(entry.priority) ?? 0,
    text: ruleText(entry),
    table: text(entry.table),
    action: 'table' in entry ? 'lookup' : actionOf(entry),
  }));
