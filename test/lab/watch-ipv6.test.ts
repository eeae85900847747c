// `netdoctor watch` of a flow over IPv6: what is lost at each place of the way and back, why, and what changes meanwhile.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { changeInTurn, type MadeChange } from './changed-in-turn.ts';
import { Lab } from './lab.ts';
import { type LossPlace, lose, loseNoMore, lossPlaces, type Packets } from './loss-places.ts';
import { beginWatch, type Summary, type Watched } from './watched.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.up({ ipv6: true });
  // An answer that is lost would be sent once more, and be taken and counted once more.
  await lab.run('LAN', ['sysctl', '-qw', 'net.ipv4.tcp_synack_retries=0']);
});
afterAll(() => lab.down());

const FAR = '2001:db8:f::1';
/** Losses of each place. */
const LOST = 4;

type Placed = Pick<LossPlace, 'direction' | 'between'>;
const isAt =
  ({ direction, between }: Placed) =>
  (one: Readonly<Record<string, unknown>>): boolean =>
    one.direction === direction && JSON.stringify(one.between) === JSON.stringify(between);

/** Loses some at one place after the other while one watch goes on. */
async function loseAtEach(
  packets: Packets,
  to: string,
): Promise<{ summary: Summary; taken: Map<LossPlace, number> }> {
  const words = ['--to', to, '--interval', '0.02', '--wait', '0.4', '--armed'];
  const watched = await beginWatch(lab, [`netns:${lab.names.A}`, ...words]);
  const taken = new Map<LossPlace, number>();
  for (const place of lossPlaces) {
    const from = watched.told.length;
    await lose(lab, place, packets, 'numgen inc mod 3 == 0');
    await losses(watched, from, place.name);
    taken.set(place, await loseNoMore(lab, place));
    // Those that are still under way are told before what is lost at the next place.
    const { probe } = watched.told.findLast(({ type }) => type === 'probe')!;
    await watched.until(
      (one) => one.type === 'probe' && Number(one.probe) > Number(probe) + 40,
      'the next probes',
    );
  }
  const { summary } = await watched.end('SIGINT');
  return { summary, taken };
}

async function losses(watched: Watched, from: number, name: string): Promise<void> {
  for (let number = 0, at = from; number < LOST; number++) {
    const loss = await watched.until(({ type }) => type === 'loss', `loss ${number + 1} of ${name}`, at);
    at = watched.told.indexOf(loss) + 1;
  }
}

describe.each([
  ['icmp6', FAR],
  ['tcp', `[${FAR}]:80`],
] as const)('losses of %s', (packets, to) => {
  let told: Awaited<ReturnType<typeof loseAtEach>>;
  beforeAll(async () => {
    told = await loseAtEach(packets, to);
  });

  /** All that was lost is laid where it was taken away, and no probe more. */
  test.each(lossPlaces)('$name', ({ direction, between }) => {
    const { summary, taken } = told;
    const wanted = [...taken]
      .filter(([place]) => isAt(place)({ direction, between }))
      .reduce((sum, [, count]) => sum + count, 0);
    const found = summary.reasons.filter(isAt({ direction, between }));
    expect(wanted).toBeGreaterThanOrEqual(LOST);
    expect(found.reduce((sum, { count }) => sum + count, 0)).toBe(wanted);
  });

  test('nothing is lost elsewhere', () => {
    const elsewhere = told.summary.reasons.filter((one) => !lossPlaces.some((place) => isAt(place)(one)));
    expect(elsewhere).toEqual([]);
  });

  test('with the rule that took it, where a trace can see it', () => {
    for (const place of lossPlaces.filter(
      ({ family, in: where }) => family !== 'netdev' && where !== 'LAN',
    )) {
      const found = told.summary.reasons.filter(isAt(place));
      expect({ place: place.name, rules: found.map(({ rule }) => rule?.table) }).toMatchObject({
        rules: expect.arrayContaining(['lossy']),
      });
      expect(found.map(({ drop }) => drop?.reason)).toContain('NETFILTER_DROP');
    }
  });
});

test('what changes of IPv6 is told, what it was before and is after', async () => {
  const words = ['--to', FAR, '--interval', '0.05', '--wait', '0.3', '--no-trace'];
  const watched = await beginWatch(lab, [`netns:${lab.names.A}`, ...words]);
  const changes: readonly MadeChange[] = [
    [
      'setting',
      /^net\.ipv6\.conf\.all\.forwarding/,
      /^1$/,
      /^0$/,
      'sysctl -qw net.ipv6.conf.all.forwarding=0',
    ],
    [
      'setting',
      /^net\.ipv6\.conf\.all\.forwarding/,
      /^0$/,
      /^1$/,
      'sysctl -qw net.ipv6.conf.all.forwarding=1',
    ],
    [
      'setting',
      /^net\.ipv6\.conf\.br0\.proxy_ndp$/,
      /^0$/,
      /^1$/,
      'sysctl -qw net.ipv6.conf.br0.proxy_ndp=1',
    ],
    [
      'firewall',
      /^ip6 filter FORWARD$/,
      null,
      /2001:db8::9 .*drop/,
      'ip6tables -I FORWARD -s 2001:db8::9 -j DROP',
    ],
    ['firewall', /^policy of ip6 filter INPUT$/, /^accept$/, /^drop$/, 'ip6tables -P INPUT DROP'],
    [
      'firewall',
      /^ip6 filter OUTPUT$/,
      null,
      /2001:db8::77/,
      'ip6tables-legacy -A OUTPUT -d 2001:db8::77 -j DROP',
    ],
    [
      'route',
      /^route 2001:db8:77::\/64/,
      null,
      /2001:db8::2/,
      'ip route add 2001:db8:77::/64 via 2001:db8::2',
    ],
    ['route', /^route default dev eth0/, /fd00:88::1/, null, 'ip -6 route del default', 'A'],
    ['route', /^route default dev eth0/, null, /fd00:88::1/, 'ip -6 route add default via fd00:88::1', 'A'],
    ['rule', /^rule 777$/, null, /lookup 77/, 'ip -6 rule add pref 777 to 2001:db8:78::/64 table 77'],
    [
      'address',
      /^address fd00:88::77\/64 at br0$/,
      null,
      /there/,
      'ip addr add fd00:88::77/64 dev br0 nodad',
    ],
    [
      'neighbour',
      /^neighbour fd00:88::1 at eth0/,
      /.*/,
      /02:00:00:00:00:99/,
      'ip neigh replace fd00:88::1 lladdr 02:00:00:00:00:99 dev eth0 nud permanent',
      'A',
    ],
  ];
  try {
    await changeInTurn(lab, watched, changes);
  } finally {
    await lab.step({ in: 'A', sh: 'ip neigh del fd00:88::1 dev eth0' });
  }
  await watched.until(({ type }) => type === 'loss', 'a loss of when forwarding was off');
  const { summary, exitCode } = await watched.end('SIGINT');
  expect(summary.changes.count).toBeGreaterThanOrEqual(changes.length);
  // Forwarding was off for longer than it is between two probes.
  const besides = summary.changes.last.flatMap(({ what, beside }) => (beside ? [what] : []));
  expect(besides.some((what) => /all\.forwarding/.test(what))).toBe(true);
  expect(exitCode).toBe(1);
});
