// `netdoctor watch` on a lab's host: what the rules of that host drop is counted at the right hop, what changes is told, and
// nothing is left behind.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addSink, flood } from '../../bench/traffic.ts';
import { read } from '../pcapng/sample.ts';
import { changeInTurn, type MadeChange } from './changed-in-turn.ts';
import { Lab } from './lab.ts';
import type { Place } from './names.ts';
import { inNamespace, ipBatch } from './run.ts';
import { beginWatch, type Summary } from './watched.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.up();
});
afterAll(() => lab.down());

const FAR = '198.51.100.1';
const target = (place: Place = 'A'): string => `netns:${lab.names[place]}`;
const host = (sh: string) => lab.step({ in: 'host', sh });

/** Packets that the rule with this comment has dropped, by its own counter. */
async function dropped(comment: string): Promise<number> {
  const { stdout } = await lab.run('host', ['nft', 'list', 'table', 'ip', 'lossy']);
  const line = String(stdout)
    .split('\n')
    .find((one) => one.includes(`"${comment}"`));
  return Number(/counter packets (\d+)/.exec(line ?? '')?.[1] ?? Number.NaN);
}

const at = ({ path }: Summary, name: string) => path.find((hop) => hop.name === name)!;

/** Of each watch that something is lost of. */
const PROBES = 150;

describe('losses', () => {
  const rules: readonly (readonly [comment: string, rule: string])[] = [
    ['five', 'ip saddr 10.88.0.2 icmp type echo-request numgen random mod 100 < 5'],
    ['one', 'ip daddr 10.88.0.3 icmp type echo-reply numgen random mod 100 < 1'],
    ['bursts', 'ip saddr 10.89.0.2 icmp type echo-request numgen inc mod 100 < 10'],
    ['seldom', 'ip saddr 10.88.0.2 tcp dport 80 tcp flags & (syn | ack) == syn numgen random mod 1000 < 1'],
    ['steady', 'ip saddr 10.88.0.3 tcp dport 80 tcp flags & (syn | ack) == syn numgen inc mod 10 < 1'],
  ];
  const told: Record<string, Summary & { dropped: number }> = {};

  beforeAll(async () => {
    const lines = rules.map(
      ([comment, rule]) => `add rule ip lossy forward ${rule} counter drop comment "${comment}"`,
    );
    const table = [
      'add table ip lossy',
      'add chain ip lossy forward { type filter hook forward priority -10; }',
    ];
    await lab.run('host', ['nft', '-f', '-'], { input: [...table, ...lines].join('\n') });
    const asked: readonly (readonly [string, Place, string])[] = [
      ['five', 'A', FAR],
      ['one', 'B', FAR],
      ['bursts', 'C', FAR],
      ['seldom', 'A', `${FAR}:80`],
      ['steady', 'B', `${FAR}:80`],
    ];
    const runs = asked.map(async ([comment, place, to]) => {
      const armed = comment === 'steady' ? [] : ['--armed'];
      const watched = await beginWatch(lab, [target(place), '--to', to, '--interval', '0.02', ...armed]);
      // As many as it takes, however slow the machine.
      await watched.until(({ type, probe }) => type === 'probe' && probe === PROBES, `${PROBES} probes`);
      const { summary, exitCode } = await watched.end('SIGINT');
      expect(exitCode).toBe(summary.alarms.length > 0 ? 1 : 0);
      told[comment] = { ...summary, dropped: 0 };
    });
    await Promise.all(runs);
    for (const [comment] of rules) told[comment]!.dropped = await dropped(comment);
    await host('nft delete table ip lossy');
  });

  /** Probes that were under way at the end may have been dropped too, and each SYN once more when it was sent again. */
  const expectCounted = (one: Summary & { dropped: number }, lost: number): void => {
    expect(one.settled).toBeGreaterThan(PROBES);
    expect(one.dropped).toBeGreaterThanOrEqual(lost);
    const times = one.flow.proto === 'tcp' ? 2 : 1;
    expect(one.dropped).toBeLessThanOrEqual(times * (lost + one.underWay));
    expect(one.lost).toBe(lost);
    expect(one.loss.interval[0]).toBeLessThanOrEqual(lost / one.settled);
    expect(one.loss.interval[1]).toBeGreaterThanOrEqual(lost / one.settled);
  };

  test('five of a hundred requests, as the rule itself counts them, between bridge and uplink', () => {
    const one = told.five!;
    expectCounted(one, at(one, 'up0').request!.lost);
    expect(one.lost).toBeGreaterThan(0);
    expect(one.reasons.every(({ between }) => between[0] === 'host/br0' && between[1] === 'host/up0')).toBe(
      true,
    );
  });

  test('one of a hundred answers, on their way back', () => {
    const one = told.one!;
    expectCounted(one, at(one, 'up0').reply!.lost);
  });

  test('one SYN of a thousand', () => {
    const one = told.seldom!;
    expectCounted(one, at(one, 'up0').request!.lost);
  });

  test('ten in a row, again and again, are bursts', () => {
    const one = told.bursts!;
    expectCounted(one, at(one, 'up0').request!.lost);
    expect(one.loss.pattern).toBe('bursts');
    expect(one.loss.longest).toBe(10);
  });

  test('what a rule takes of connections, never two in a row, is no burst', () => {
    const one = told.steady!;
    expectCounted(one, at(one, 'up0').request!.lost);
    // One SYN of ten is dropped, and at worst every other of those is one that is sent again: an answer to that changes nothing.
    expect(one.lost).toBeGreaterThanOrEqual(PROBES / 20);
    expect(one.loss.longest).toBe(1);
    expect(one.loss.pattern).not.toBe('bursts');
  });

  test('each with the rule that took it, and what the kernel says', () => {
    for (const name of ['five', 'bursts', 'steady']) {
      const { reasons } = told[name]!;
      const explained = reasons.filter(({ rule }) => rule?.table === 'lossy');
      expect(explained.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThan(0);
      expect(explained.map(({ drop }) => drop?.reason)).toContain('NETFILTER_DROP');
    }
  });

  test('the time between hops, by the kernel', () => {
    for (const one of Object.values(told))
      for (const hop of one.path) {
        const { microseconds } = hop.request!;
        expect(microseconds!.best).toBeGreaterThanOrEqual(0);
        expect(microseconds!.p50).toBeLessThanOrEqual(microseconds!.p99);
        expect(microseconds!.p99).toBeLessThanOrEqual(microseconds!.worst);
      }
  });
});

test('what changes is told, what it was before and is after, each in its turn', async () => {
  const watched = await beginWatch(lab, [target(), '--to', FAR, '--no-trace']);
  const changes: readonly MadeChange[] = [
    [
      'setting',
      /^net\.ipv4\.icmp_echo_ignore_all$/,
      /^0$/,
      /^1$/,
      'sysctl -qw net.ipv4.icmp_echo_ignore_all=1',
    ],
    ['setting', /conf\.vetha\.rp_filter/, /^0$/, /^2$/, 'sysctl -qw net.ipv4.conf.vetha.rp_filter=2'],
    [
      'firewall',
      /^ip filter FORWARD$/,
      null,
      /ip saddr 192\.0\.2\.9 .*drop/,
      'iptables -I FORWARD -s 192.0.2.9 -j DROP',
    ],
    ['firewall', /^policy of ip filter INPUT$/, /^accept$/, /^drop$/, 'iptables -P INPUT DROP'],
    ['firewall', /^ip filter DOCKER$/, /^4 rules|rules|.+/, null, 'iptables -F DOCKER'],
    [
      'firewall',
      /^ip filter OUTPUT$/,
      null,
      /198\.51\.100\.77/,
      'iptables-legacy -A OUTPUT -d 198.51.100.77 -j DROP',
    ],
    ['route', /^route 203\.0\.113\.0\/24/, null, /192\.0\.2\.2/, 'ip route add 203.0.113.0/24 via 192.0.2.2'],
    [
      'route',
      /^route default dev eth0: src$/,
      /^none$/,
      /^10\.88\.0\.2$/,
      'ip route change default via 10.88.0.1 src 10.88.0.2',
      'A',
    ],
    ['rule', /^rule 777$/, null, /lookup 77/, 'ip rule add pref 777 to 203.0.113.9 table 77'],
    ['address', /^address 10\.88\.0\.77\/24 at br0$/, null, /there/, 'ip addr add 10.88.0.77/24 dev br0'],
    ['link', /^br0: mtu$/, /^1500$/, /^1400$/, 'ip link set dev br0 mtu 1400'],
    ['link', /^vetha: port of$/, /^br0$/, /^br0 \(isolated\)$/, 'bridge link set dev vetha isolated on'],
    ['link', /^vetha: port of$/, /^br0/, /^none$/, 'ip link set dev vetha nomaster'],
    ['link', /^vetha: port of$/, /^none$/, /^br0/, 'ip link set dev vetha master br0'],
    [
      'neighbour',
      /^neighbour 10\.88\.0\.1 at eth0: mac$|^neighbour 10\.88\.0\.1/,
      /.*/,
      /02:00:00:00:00:99/,
      'ip neigh replace 10.88.0.1 lladdr 02:00:00:00:00:99 dev eth0 nud permanent',
      'A',
    ],
    ['queueing', /^queue of vetha$/, null, /pfifo.*limit 77/, 'tc qdisc add dev vetha root pfifo limit 77'],
  ];
  try {
    await changeInTurn(lab, watched, changes);
  } finally {
    await lab.step({ in: 'A', sh: 'ip neigh del 10.88.0.1 dev eth0' });
    await host(
      'sysctl -qw net.ipv4.icmp_echo_ignore_all=0 net.ipv4.conf.vetha.rp_filter=0; iptables -P INPUT ACCEPT; iptables -D FORWARD -s 192.0.2.9 -j DROP; iptables-legacy -D OUTPUT -d 198.51.100.77 -j DROP; ip rule del pref 777; ip route del 203.0.113.0/24; ip addr del 10.88.0.77/24 dev br0; ip link set dev br0 mtu 1500; tc qdisc del dev vetha root; iptables-restore "$LAB/fw4"; true',
    );
  }
  const { summary, exitCode } = await watched.end('SIGINT');
  expect(summary.changes.count).toBeGreaterThanOrEqual(changes.length);
  expect(summary.alarms.map(({ kind }) => kind)).toContain('change');
  expect(exitCode).toBe(1);
});

test('a cable that is replaced, and a container that is started again, are followed', async () => {
  const name = `${lab.names.A}-x`;
  const build = async (address: string): Promise<void> => {
    // The kernel takes its time to take the links of a namespace away.
    await host('for i in $(seq 100); do ip link show dev vethx || break; sleep 0.05; done');
    await inNamespace(lab.names.host, ['ip', 'netns', 'add', name]);
    await ipBatch(
      [
        `link add vethx type veth peer name eth0 address 02:42:0a:58:00:d9 netns ${name}`,
        'link set vethx master br0 up',
      ],
      lab.names.host,
    );
    await ipBatch(
      [
        'link set lo up',
        'link set eth0 up',
        `addr add ${address}/24 dev eth0`,
        'route add default via 10.88.0.1',
      ],
      name,
    );
  };
  await build('10.88.0.9');
  try {
    const watched = await beginWatch(lab, [
      `netns:${name}`,
      '--to',
      '10.88.0.1',
      '--interval',
      '0.1',
      '--no-trace',
    ]);
    await ipBatch(
      [
        'link del vethx',
        `link add vethx type veth peer name eth0 address 02:42:0a:58:00:d9 netns ${name}`,
        'link set vethx master br0 up',
      ],
      lab.names.host,
    );
    await ipBatch(
      ['link set eth0 up', 'addr add 10.88.0.9/24 dev eth0', 'route add default via 10.88.0.1'],
      name,
    );
    const isReplaced = ({ type, what }: Readonly<Record<string, unknown>>): boolean =>
      type === 'change' && (what === 'vethx' || what === 'vethx, replaced by another');
    await watched.until(isReplaced, 'another vethx');
    const answered = (from: number) =>
      watched.until(({ type, result }) => type === 'probe' && result === 'answered', 'an answer', from);
    await watched.until(({ type }) => type === 'watching', 'the way by the new cable', 1);
    await answered(watched.told.length);
    const from = watched.told.length;
    await inNamespace(lab.names.host, ['ip', 'netns', 'del', name]);
    const isContainer = ({ type, kind }: Readonly<Record<string, unknown>>): boolean =>
      type === 'change' && kind === 'container';
    await watched.until((one) => isContainer(one) && one.after === null, 'it is gone', from);
    await build('10.88.0.9');
    await watched.until((one) => isContainer(one) && one.before === null, 'it is there again', from);
    await answered(watched.told.length);
    const { exitCode } = await watched.end('SIGINT');
    expect(exitCode).toBe(1);
  } finally {
    await inNamespace(lab.names.host, ['ip', 'netns', 'del', name]).catch(() => {});
  }
});

test('Ctrl-C ends it as it was meant to, and leaves nothing', async () => {
  const watched = await beginWatch(lab, [target(), '--to', FAR, '--armed']);
  const armed = await lab.run('host', ['nft', 'list', 'tables']);
  expect(String(armed.stdout)).toContain(`netdoctor_${watched.pid}_`);
  const { exitCode, summary } = await watched.end('SIGINT');
  expect({ exitCode, alarms: summary.alarms }).toEqual({ exitCode: 0, alarms: [] });
  const tables = await lab.run('host', ['nft', 'list', 'tables']);
  expect(String(tables.stdout)).not.toContain('netdoctor_');
  const folder = '/sys/kernel/tracing/instances';
  const instances = existsSync(folder) ? readdirSync(folder) : [];
  expect(instances.filter((one) => one.startsWith(`netdoctor-${watched.pid}-`))).toEqual([]);
  const { stdout } = await lab.run('host', ['ss', '-0np']);
  expect(String(stdout)).not.toContain(`pid=${watched.pid},`);
});

test('--duration is a promise, and what is under way then counts as nothing', async () => {
  const words = ['--to', FAR, '--interval', '0.1', '--duration', '1.5'];
  await host('iptables -I FORWARD -s 10.88.0.2 -p icmp -j DROP');
  const watched = await beginWatch(lab, [target(), ...words]);
  const { summary } = await watched.end();
  await host('iptables -D FORWARD -s 10.88.0.2 -p icmp -j DROP');
  expect(summary.settled).toBe(summary.lost);
  expect(summary.underWay).toBeGreaterThan(0);
  expect(summary.settled + summary.underWay).toBeLessThanOrEqual(15);
  expect(summary.unsent).toBe(0);
});

test('where much passes only the target’s own interfaces are listened to, until something is lost', async () => {
  await addSink(lab);
  const flooding = flood(lab, 'B', 'max', 15);
  const watched = await beginWatch(lab, [target(), '--to', FAR, '--interval', '0.1', '--wait', '0.4']);
  const isPath =
    (...seen: readonly boolean[]) =>
    ({ type, path }: Readonly<Record<string, unknown>>): boolean =>
      type === 'watching' &&
      JSON.stringify((path as { watched: boolean }[]).map((hop) => hop.watched)) === JSON.stringify(seen);
  await watched.until(isPath(true, true, false, false), 'that it listens lightly', 1);
  const light = watched.told.length;
  const answered = ({ type, result }: Readonly<Record<string, unknown>>): boolean =>
    type === 'probe' && result === 'answered';
  await watched.until(answered, 'an answer', light);
  const before = watched.told.length;
  await host('iptables -I FORWARD -s 10.88.0.2 -p icmp -j DROP');
  const first = await watched.until(({ type }) => type === 'loss', 'a loss', before);
  // Where nobody looked, nothing is said.
  expect(first).toMatchObject({ direction: 'beyond', between: ['host/vetha', null] });
  await watched.until(isPath(true, true, true, true), 'that it listens at every hop', before);
  await watched.until(
    ({ type, between, rule }) =>
      type === 'loss' && String(between) === 'host/br0,host/up0' && /10\.88\.0\.2/.test(JSON.stringify(rule)),
    'a loss at its place, with its rule',
    before,
  );
  await host('iptables -D FORWARD -s 10.88.0.2 -p icmp -j DROP');
  const { summary } = await watched.end('SIGINT');
  expect(summary.path.map((hop) => hop.watched)).toEqual([true, true, true, true]);
  await flooding;
});

test('--save keeps the packets around a loss, with why, and how the host was', async () => {
  const file = join(lab.folder, 'watch.pcapng');
  const watched = await beginWatch(lab, [target(), '--to', FAR, '--armed', '--save', file]);
  const from = watched.told.length;
  await host(
    'iptables -I FORWARD -s 10.88.0.2 -p icmp -j DROP; sleep 0.5; iptables -D FORWARD -s 10.88.0.2 -p icmp -j DROP',
  );
  await watched.until(({ type }) => type === 'loss', 'a loss', from);
  const { summary } = await watched.end('SIGINT');
  expect(summary.saved).toMatchObject({ files: [file], refused: null });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const { items } = read(readFileSync(file));
  const packets = items.flatMap((item) => (item.type === 'packet' ? [item] : []));
  expect(packets).toHaveLength(summary.saved!.packets);
  const comments = packets.flatMap(({ comments }) => comments);
  expect(comments[0]).toMatch(
    /^lost: request between br0 and up0, NETFILTER_DROP at \w+.*FORWARD.*10\.88\.0\.2/,
  );
  const states = items.flatMap((item) => (item.type === 'attachment' ? [JSON.parse(item.text)] : []));
  expect(states[0]).toMatchObject({ state: [{ where: 'host' }, { where: 'container' }] });
  expect(states[0].state[0].rules.length).toBeGreaterThan(5);
  expect(Object.keys(states[0].state[0].counters)).toContain('/proc/net/snmp');
});
