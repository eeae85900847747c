/** Everything a repair may touch in the lab's namespaces, as text: two equal listings are the same configuration. */
import { execa } from 'execa';
import type { Lab } from './lab.ts';
import { type Place, places } from './names.ts';

/** What changes by itself: counters, timers, what traffic taught the kernel. */
const VOLATILE = new Set([
  'valid_life_time',
  'preferred_life_time',
  'gc_timer',
  'hello_timer',
  'tcn_timer',
  'topology_change_timer',
  'forward_delay_timer',
  'hold_timer',
  'message_age_timer',
  'ifindex',
  'link_index',
  'tentative',
]);

const settled = (_: string, value: unknown): unknown =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).filter(([key]) => !VOLATILE.has(key)))
    : value;

/** Learned neighbours come and go; those that somebody wrote stay. */
const lasting = (rows: { state?: string[] }[]) =>
  rows.filter((row) => row.state?.some((state) => state === 'PERMANENT' || state === 'NOARP'));

/** Learned forwarding entries come and go too. */
const written = (rows: { state?: string }[]) =>
  rows
    .filter((row) => row.state === 'static')
    .map((row) => JSON.stringify(row))
    .sort();

const json = (text: string, pick: (rows: never[]) => unknown = (rows) => rows): string =>
  JSON.stringify(pick(JSON.parse(text || '[]')), settled, 1);

const KEYS = '^net\\.(ipv4|ipv6|bridge)\\.(ip_forward|conf|neigh|bridge)';

type Ask = readonly [string, readonly string[], (text: string) => string];

const plain = (text: string): string => text;
const uncounted = (text: string): string => text.replace(/^#.*$/gm, '').replace(/\[\d+:\d+\]/g, '');
const ASKS: readonly Ask[] = [
  ['nft', ['nft', '-s', 'list', 'ruleset'], plain],
  ['iptables', ['iptables-save'], uncounted],
  ['ip6tables', ['ip6tables-save'], uncounted],
  ['iptables-legacy', ['iptables-legacy-save'], uncounted],
  ['ebtables', ['ebtables-save'], uncounted],
  ['addr', ['ip', '-j', '-d', 'addr'], json],
  ['route4', ['ip', '-4', '-j', 'route', 'show', 'table', 'all'], json],
  ['route6', ['ip', '-6', '-j', 'route', 'show', 'table', 'all'], json],
  ['rule4', ['ip', '-4', '-j', 'rule'], json],
  ['rule6', ['ip', '-6', '-j', 'rule'], json],
  ['neigh', ['ip', '-j', 'neigh'], (text) => json(text, lasting)],
  ['neigh proxy', ['ip', '-j', 'neigh', 'show', 'proxy'], json],
  ['fdb', ['bridge', '-j', 'fdb'], (text) => json(text, written)],
  ['vlan', ['bridge', '-j', 'vlan'], json],
  ['qdisc', ['tc', 'qdisc', 'show'], (text) => text.replace(/ refcnt \d+/g, '')],
  ['offload', ['bash', '-c', 'for i in vetha eth0; do ethtool -k $i; done'], plain],
  ['xfrm', ['ip', 'xfrm', 'policy', 'list'], plain],
  ['sysctl', ['sysctl', '-a', '--pattern', KEYS], (text) => text.replace(/^.*stable_secret.*\n/gm, '')],
];

export type Listing = Readonly<Record<string, string>>;

const MARK = '@@@@';

export const listingOf = (lab: Lab, of: readonly Place[] = places): Promise<Listing> =>
  listingOfNamespaces(Object.fromEntries(of.map((place) => [place, lab.namespace(place)])));

/** Namespaces by their names, as paths. One shell in each asks everything: starting programs is what a listing costs. */
export async function listingOfNamespaces(paths: Readonly<Record<string, string>>): Promise<Listing> {
  const script = ASKS.map(
    ([, argv]) => `${argv.map((word) => `'${word}'`).join(' ')} 2>/dev/null; echo; echo '${MARK}'`,
  );
  const told = await Promise.all(
    Object.entries(paths).map(async ([name, path]) => {
      // A shell whose input is a socket, as Node's pipes are, reads the user's start-up files: bash(1).
      const shell = ['bash', '--norc', '-c', script.join('\n')];
      const { stdout } = await execa('nsenter', [`--net=${path}`, ...shell], { stdin: 'ignore' });
      return stdout
        .split(MARK)
        .map((text, index) => [`${name} ${ASKS[index]?.[0]}`, text.trim(), ASKS[index]?.[2]] as const);
    }),
  );
  return Object.fromEntries(
    told.flat().flatMap(([name, text, shape]) => (shape ? [[name, shape(text)]] : [])),
  );
}
