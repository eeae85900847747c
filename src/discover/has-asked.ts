/** Whether programs of a namespace ask anybody at all: the counters of its network, proc_pid_net(5). */
import type { Machine } from '../host/machine.ts';
import type { Netns } from '../model/netns.ts';

/** Connections begun, over IPv6 too; datagrams and pings sent. Each line of values stands behind one of names. */
const SENT = { Tcp: 'ActiveOpens', Udp: 'OutDatagrams', Icmp: 'OutEchos' } as const;
const SENT_BY_SIX = /^(Udp6OutDatagrams|Icmp6OutEchos)\s+[1-9]/m;

/** False for one that has only answered connections since it was made, and where nothing is counted. */
export function hasAsked(machine: Machine, netns: Netns): boolean {
  return counts(machine, netns, SENT, SENT_BY_SIX);
}

/** Is any of these counters above zero: of /proc/net/snmp by the name of its lines, of /proc/net/snmp6 by a pattern? */
export function counts(
  machine: Machine,
  netns: Netns,
  counters: Readonly<Record<string, string>>,
  bySix: RegExp,
): boolean {
  const four = machine.read('/proc/net/snmp', netns);
  const six = machine.read('/proc/net/snmp6', netns);
  return (four.known && isCounted(four.value, counters)) || (six.known && bySix.test(six.value));
}

function isCounted(snmp: string, counters: Readonly<Record<string, string>>): boolean {
  const lines = snmp.split('\n').map((line) => line.trim().split(/\s+/));
  return Object.entries(counters).some(([proto, name]) => {
    const [names, values] = lines.filter(([first]) => first === `${proto}:`);
    return Number(values?.[names?.indexOf(name) ?? -1] ?? 0) > 0;
  });
}
