/** Everything of a machine's network that a recipe may touch, as text that does not change by itself. */
import type { Machine } from '../../../src/host/machine.ts';
import type { Netns } from '../../../src/model/netns.ts';

/** Asked in every namespace. */
const STACK = [
  ...['ip -o link', 'ip -o addr', 'ip route show table all', 'ip rule', 'bridge -d link', 'iptables-save'],
  ...['nft -s list ruleset', 'grep -rs . /proc/sys/net/ipv4/conf /proc/sys/net/ipv4/ip_forward'],
];

/** Folders in which networks are configured. */
export const CONFIGURATION = [
  '/etc/sysctl.d',
  '/etc/docker',
  '/etc/netns',
  '/etc/network',
  '/etc/modprobe.d',
];

/** Asked once: names of namespaces, and the files in which networks are configured. */
const FILES = ['ls /run/netns', `find ${CONFIGURATION.join(' ')} -type f -exec cksum {} +`];

/** One program asks everything of a namespace: this is done after every command of every recipe. */
const script = (questions: readonly string[]): string =>
  questions.map((line) => `echo '$ ${line}'; ${line} 2>/dev/null`).join('\n');

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

/** The host's namespace, every named one, and those that have no name. */
export async function snapshot(
  machine: Machine,
  unnamed: Readonly<Record<string, Netns>> = {},
): Promise<string> {
  const names = machine.list('/run/netns');
  const named = (names.known ? [...names.value].sort() : []).flatMap((name) => {
    const netns = machine.netns(`/run/netns/${name}`);
    return netns.known ? [[name, netns.value] as const] : [];
  });
  const places = [['host', undefined] as const, ...named, ...Object.entries(unnamed)];
  const parts = await Promise.all(
    places.map(async ([name, netns]) => {
      const questions = netns ? STACK : [...STACK, ...FILES];
      const answer = await machine.run({
        argv: ['sh', '-c', script(questions)],
        ...(netns ? { in: netns } : {}),
      });
      // Each line with its place: two containers differ in little else.
      const text = answer.known ? steady(answer.value.stdout) : answer.detail;
      return text.split('\n').map((line) => `${name}: ${line}`);
    }),
  );
  return parts.flat().join('\n');
}

/** Lines only in one of two texts. */
export function difference(before: string, after: string): string[] {
  const [a, b] = [before.split('\n'), after.split('\n')];
  const [inA, inB] = [new Set(a), new Set(b)];
  return [
    ...a.filter((line) => !inB.has(line)).map((line) => `- ${line}`),
    ...b.filter((line) => !inA.has(line)).map((line) => `+ ${line}`),
  ];
}
