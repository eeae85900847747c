/** Kinds of change that a watch must tell of, each made in a lab, and how long after it was made it is told. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Lab } from '../../lab/lab.ts';
import type { Place } from '../../lab/names.ts';
import { beginWatch, type Watched } from '../../lab/watched.ts';

interface Kind {
  readonly name: string;
  /** What is told: its kind, and of what. */
  readonly told: string;
  readonly what: RegExp;
  readonly in: Place;
  readonly sh: string;
  readonly back: string;
}

const kind = (
  name: string,
  [told, what]: readonly [string, RegExp],
  [place, sh, back]: readonly [Place, string, string],
): Kind => ({ name, told, what, in: place, sh, back });

/** Taken back in the end by the last step: a namespace that is gone takes its end of the cable along. */
export const KINDS: readonly Kind[] = [
  kind(
    'rule inserted',
    ['firewall', /^ip filter FORWARD$/],
    ['host', 'iptables -I FORWARD -s 192.0.2.9 -j DROP', 'iptables -D FORWARD -s 192.0.2.9 -j DROP'],
  ),
  kind(
    'rules flushed',
    ['firewall', /^ip filter DOCKER$/],
    ['host', 'iptables -F DOCKER', 'iptables-restore "$LAB/fw4"'],
  ),
  kind(
    'policy set',
    ['firewall', /^policy of ip filter INPUT$/],
    ['host', 'iptables -P INPUT DROP', 'iptables -P INPUT ACCEPT'],
  ),
  kind(
    'table of nft added',
    ['firewall', /inet other/],
    [
      'host',
      'nft "add table inet other; add chain inet other in { type filter hook input priority 0; }; add rule inet other in ip saddr 192.0.2.9 drop"',
      'nft delete table inet other',
    ],
  ),
  kind(
    'rule of legacy iptables',
    ['firewall', /^ip filter OUTPUT$/],
    [
      'host',
      'iptables-legacy -A OUTPUT -d 198.51.100.77 -j DROP',
      'iptables-legacy -D OUTPUT -d 198.51.100.77 -j DROP',
    ],
  ),
  kind(
    'route added',
    ['route', /^route 203\.0\.113\.0\/24/],
    ['host', 'ip route add 203.0.113.0/24 via 192.0.2.2', 'ip route del 203.0.113.0/24'],
  ),
  kind(
    'default route gone',
    ['route', /^route default/],
    ['A', 'ip route del default', 'ip route add default via 10.88.0.1'],
  ),
  kind(
    'routing rule',
    ['rule', /^rule 777$/],
    ['host', 'ip rule add pref 777 to 203.0.113.9 table 77', 'ip rule del pref 777'],
  ),
  kind(
    'address gone',
    ['address', /^address 10\.88\.0\.1\/24/],
    ['host', 'ip addr del 10.88.0.1/24 dev br0', 'ip addr add 10.88.0.1/24 dev br0'],
  ),
  kind('link down', ['link', /^vetha$/], ['host', 'ip link set dev vetha down', 'ip link set dev vetha up']),
  kind(
    'MTU',
    ['link', /^br0: mtu$/],
    ['host', 'ip link set dev br0 mtu 1400', 'ip link set dev br0 mtu 1500'],
  ),
  kind(
    'port of the bridge gone',
    ['link', /^vetha: port of$/],
    ['host', 'ip link set dev vetha nomaster', 'ip link set dev vetha master br0'],
  ),
  kind(
    'port isolated',
    ['link', /^vetha: port of$/],
    ['host', 'bridge link set dev vetha isolated on', 'bridge link set dev vetha isolated off'],
  ),
  kind(
    'neighbour replaced',
    ['neighbour', /^neighbour 10\.88\.0\.1 at eth0/],
    [
      'A',
      'ip neigh replace 10.88.0.1 lladdr 02:00:00:00:00:99 dev eth0 nud permanent',
      'ip neigh del 10.88.0.1 dev eth0',
    ],
  ),
  kind(
    'queue limited',
    ['queueing', /^queue of vetha$/],
    ['host', 'tc qdisc add dev vetha root pfifo limit 77', 'tc qdisc del dev vetha root'],
  ),
  kind(
    'setting of the host',
    ['setting', /^net\.ipv4\.ip_forward/],
    ['host', 'sysctl -qw net.ipv4.ip_forward=0', 'sysctl -qw net.ipv4.ip_forward=1'],
  ),
  kind(
    'setting of an interface',
    ['setting', /conf\.vetha\.rp_filter/],
    ['host', 'sysctl -qw net.ipv4.conf.vetha.rp_filter=1', 'sysctl -qw net.ipv4.conf.vetha.rp_filter=0'],
  ),
  kind(
    'setting in the container',
    ['setting', /^net\.ipv4\.icmp_echo_ignore_all$/],
    ['A', 'sysctl -qw net.ipv4.icmp_echo_ignore_all=1', 'sysctl -qw net.ipv4.icmp_echo_ignore_all=0'],
  ),
  kind(
    'cable replaced',
    ['link', /^vetha/],
    [
      'host',
      'ip link del vetha; ip link add vetha type veth peer name eth0 address 02:42:0a:58:00:a2 netns $A; ip link set vetha master br0 up',
      'ip -n $A link set eth0 up; ip -n $A addr add 10.88.0.2/24 dev eth0; ip -n $A route add default via 10.88.0.1',
    ],
  ),
  kind('container gone', ['container', /./], ['host', 'ip netns del $A', 'true']),
];

/** From one kind to the next. Milliseconds. */
const BETWEEN = 700;

export interface Noticed {
  readonly name: string;
  /** From when the command that made it had ended, or before it had, to the line that tells of it. Milliseconds; null: never told. */
  readonly after: readonly (number | null)[];
}

/** Makes each kind once while a watch with so many seconds between two probes goes on. */
export async function notice(lab: Lab, interval: number): Promise<ReadonlyMap<string, number | null>> {
  const words = ['--to', '198.51.100.1', '--interval', String(interval), '--no-trace'];
  const watched = await beginWatch(lab, [`netns:${lab.names.A}`, ...words]);
  const all = new Map<string, number | null>();
  for (const one of KINDS) all.set(one.name, await make(lab, watched, one));
  await watched.end('SIGINT');
  return all;
}

async function make(lab: Lab, watched: Watched, one: Kind): Promise<number | null> {
  const from = watched.told.length;
  const { exitCode, said } = await lab.step({ in: one.in, sh: one.sh });
  if (exitCode !== 0) throw new Error(`${one.name} could not be made: ${said}`);
  const made = performance.now();
  const isIt = ({ type, kind: told, what }: Readonly<Record<string, unknown>>): boolean =>
    type === 'change' && told === one.told && one.what.test(String(what));
  const told = await watched.until(isIt, one.name, from).catch(() => null);
  const after = told && Math.max(0, watched.when(told) - made);
  await lab.step({ in: one.in, sh: one.back });
  // The next one begins when this one is over.
  await sleep(BETWEEN);
  return after;
}
