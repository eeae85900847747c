/** Generated resolv.conf × zone × name: the same seed gives the same cases on every machine. */
import type { Files } from '../../src/resolver/look-up.ts';
import type { Behaviour, Server } from './zone.ts';

export interface Case {
  readonly files: Files;
  readonly name: string;
  readonly servers: readonly Server[];
}

/** Addresses that servers may have; the last two have nobody and no route. */
export const SERVERS = ['10.53.0.1', '10.53.0.2', '10.53.0.3', '2001:db8:53::1'];
const CLOSED = '10.53.0.9';
const AWAY = '203.0.113.53';

const NAMES = [
  'web',
  'db.prod',
  'a.b.c.d',
  'site.example',
  'site.example.',
  'Web',
  'www.site.example',
  'printer.local',
];
const DOMAINS = ['corp.example', 'svc.cluster.local', 'cluster.local', 'example', 'lan.'];
const V4 = ['192.0.2.77', '198.51.100.1', '10.9.9.9', '127.0.0.5', '192.0.2.130', '169.254.3.3'];
const V6 = ['2001:db8:1::7', 'fd00::7', '2001:db8:9::1', '::1', '2002:c000:204::1'];
const OPTIONS = [
  'rotate',
  'edns0',
  'use-vc',
  'single-request',
  'single-request-reopen',
  'trust-ad',
  'no-tld-query',
  'no-aaaa',
  'inet6',
  'debug',
];
const NSSWITCH = [
  undefined,
  'hosts: files dns\n',
  'passwd: files\nhosts:\tdns files # as ever\n',
  'hosts: files mdns4_minimal [NOTFOUND=return] dns\n',
  'hosts: files [NOTFOUND=return] dns\n',
  'hosts: files resolve [!UNAVAIL=return] dns\n',
];

/** mulberry32. */
function dice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** `slow`: with servers that are silent, which cost seconds. */
export function caseOf(seed: number, slow: boolean): Case {
  const roll = dice(seed);
  const chance = (part: number): boolean => roll() < part;
  const one = <T>(all: readonly T[]): T => all[Math.floor(roll() * all.length)]!;
  const some = <T>(all: readonly T[], most: number): T[] =>
    all
      .map((value) => ({ value, at: roll() }))
      .sort((x, y) => x.at - y.at)
      .slice(0, Math.floor(roll() * (most + 1)))
      .map(({ value }) => value);

  const name = one(NAMES);
  const search = some(DOMAINS, 3);
  const listed = [
    ...new Set([...(chance(0.12) ? [CLOSED] : []), ...(chance(0.12) ? [AWAY] : []), ...some(SERVERS, 3)]),
  ];
  const addresses = listed.length > 0 || chance(0.1) ? listed : [SERVERS[0]!];

  const behaviour = (): Behaviour => {
    const a = some(V4, 3);
    const aaaa = chance(0.5) ? some(V6, 3) : [];
    if (chance(0.35)) return { a: a.length > 0 ? a : [one(V4)], aaaa };
    return one<Behaviour>([
      { a: [], aaaa: [] },
      { a: [], aaaa: [one(V6)] },
      { a: [one(V4)], aaaa: [], rcodeOfAaaa: 3 },
      { a: [one(V4)], aaaa: [], rcodeOfAaaa: one([2, 4, 5]) },
      { a: [], aaaa: [], rcode: 2 },
      { a: [], aaaa: [], rcode: 5 },
      { a: [...V4], aaaa, cut: true },
      { a: [], aaaa: [], lame: true },
    ]);
  };
  const whole = name.replace(/\.$/, '').toLowerCase();
  const candidates = [whole, ...search.map((domain) => `${whole}.${domain.replace(/\.$/, '')}`)];
  const shared: Record<string, Behaviour> = {};
  for (const candidate of candidates) if (chance(0.5)) shared[candidate] = behaviour();
  const servers = addresses.map((address, index): Server => {
    const names = { ...shared };
    for (const candidate of candidates) if (chance(0.15)) names[candidate] = behaviour();
    const state = address === CLOSED ? 'closed' : address === AWAY ? 'away' : 'answers';
    return {
      address,
      state: slow && state === 'answers' && chance(0.45) ? 'silent' : state,
      delay: 25 * index,
      names,
    };
  });

  const lines = [
    ...(chance(0.2) ? ['# written by hand', '; and more'] : []),
    ...(chance(0.15) ? ['search old.example'] : []),
    ...(search.length > 0 ? [`search${chance(0.5) ? '\t' : ' '}${search.join(' ')}`] : []),
    ...(search.length === 0 && chance(0.3) ? ['domain corp.example'] : []),
    ...addresses.map((address) => `nameserver ${address}${chance(0.1) ? ' ' : ''}`),
    ...(chance(0.1) ? ['nameserver nonsense'] : []),
    ...(chance(0.1) ? ['  nameserver 10.53.0.250'] : []),
    ...(slow || chance(0.7)
      ? [
          `options ${[
            ...(chance(0.5) ? [`ndots:${Math.floor(roll() * 6)}`] : []),
            'timeout:1',
            `attempts:${1 + Math.floor(roll() * 2)}`,
            ...some(OPTIONS, 3),
          ].join(' ')}`,
        ]
      : []),
  ];
  const hosts = `127.0.0.1 localhost\n${chance(0.15) ? `${one([...V4, ...V6])}\tother ${name} # here\n` : ''}${chance(0.08) ? `${one(V6)} ${name}\n` : ''}`;
  return { files: { resolvConf: `${lines.join('\n')}\n`, hosts, nsswitch: one(NSSWITCH) }, name, servers };
}
