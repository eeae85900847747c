/** Everything of a machine's network that a recipe may touch, as text that does not change by itself. */
import type { Machine } from '../../../src/host/machine.ts';

const SYSCTLS = ['ip_forward', 'conf/all/forwarding', 'conf/eth0/proxy_arp', 'conf/br0/route_localnet'];

/** One program asks everything of a namespace: this is done after every command of every recipe. */
const SCRIPT = [
  ...['ip -o link', 'ip -o addr', 'ip route show table all', 'ip rule', 'bridge -d link', 'iptables-save'],
  'nft -s list ruleset',
  ...SYSCTLS.map((name) => `cat /proc/sys/net/ipv4/${name}`),
]
  .map((line) => `echo '$ ${line}'; ${line} 2>/dev/null`)
  .join('\n');

/**
 * Without what differs from call to call: counters, clocks, comments; carriers, which a bridge tells late; and the
 * link-local addresses that the kernel gives by itself.
 */
const steady = (text: string): string =>
  text
    .split('\n')
    .filter((line) => !line.startsWith('#') && !line.includes('fe80:'))
    .map((line) =>
      line
        .replace(/\[\d+:\d+\]/, '')
        .replace(/ state [A-Z]+| linkdown|NO-CARRIER,|,LOWER_UP/g, '')
        .replace(/ (valid|preferred)_lft \w+/g, ''),
    )
    .join('\n');

/** The host's namespace and every named one. */
export async function snapshot(machine: Machine): Promise<string> {
  const names = machine.list('/run/netns');
  const places = [undefined, ...(names.known ? [...names.value].sort() : [])];
  const parts: string[] = [];
  for (const name of places) {
    const netns = name === undefined ? undefined : machine.netns(`/run/netns/${name}`);
    const where = netns?.known ? { in: netns.value } : {};
    const answer = await machine.run({ argv: ['sh', '-c', SCRIPT], ...where });
    parts.push(name ?? 'host', answer.known ? steady(answer.value.stdout) : answer.detail);
  }
  return parts.join('\n');
}
