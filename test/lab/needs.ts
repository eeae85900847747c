/**
 * What a scenario may need of the kernel beyond what every lab does, or of this machine's programs: each is seen to be there
 * by a line of bash that works in a network namespace of its own, which ends with it.
 */
import { execa } from 'execa';

/** Two ends of a cable, to hang something on. */
const PAIR = 'ip link add p0 type veth peer name p1';
const link = (kind: string, words = ''): string => `ip link add n0 type ${kind} ${words}`;
const child = (kind: string, words = ''): string =>
  `${PAIR} && ip link add link p0 name n0 type ${kind} ${words}`;

const SIGNS = {
  bond: link('bond'),
  'bridge-vlan': link('bridge', 'vlan_filtering 1'),
  dummy: link('dummy'),
  geneve: link('geneve', 'id 7 remote 192.0.2.2'),
  gre: link('gre', 'local 192.0.2.1 remote 192.0.2.2'),
  ipip: link('ipip', 'local 192.0.2.1 remote 192.0.2.2'),
  // `ipvsadm` loads the module where there is one.
  ipvs: 'ipvsadm -A -t 192.0.2.1:80 -s rr',
  ipvlan: child('ipvlan', 'mode l3s'),
  netem: `${PAIR} && tc qdisc add dev p0 root netem delay 1ms`,
  // CONFIG_IP_MROUTE.
  'multicast-routing': 'test -e /proc/net/ip_mr_cache',
  // Linux 6.7 and iproute2 6.7.
  netkit: link('netkit', 'mode l2 forward peer forward name n1'),
  nfqueue: 'nft "add table ip t; add chain ip t c; add rule ip t c queue num 3"',
  sit: link('sit', 'local 192.0.2.1 remote 192.0.2.2'),
  vlan: child('vlan', 'id 100'),
  vrf: link('vrf', 'table 100'),
  wireguard: `${link('wireguard')} && wg show n0`,
} as const;

export type Need = keyof typeof SIGNS;
export const needs = Object.keys(SIGNS) as [Need, ...Need[]];

const asked = new Map<Need, Promise<boolean>>();

/** Is it there? Asked of the machine once. */
function isHere(need: Need): Promise<boolean> {
  const known =
    asked.get(need) ??
    execa('unshare', ['--net', 'bash', '-c', SIGNS[need]], {
      reject: false,
      stdio: 'ignore',
      timeout: 20_000,
    }).then(({ exitCode }) => exitCode === 0);
  asked.set(need, known);
  return known;
}

/** Those that can be played on this kernel; of each other one it is told what is lacking, and it counts for nothing. */
export async function onThisKernel<S extends { readonly file: string; readonly needs: readonly Need[] }>(
  scenarios: readonly S[],
  tell: (line: string) => void,
): Promise<S[]> {
  const here: S[] = [];
  for (const scenario of scenarios) {
    const lacking: Need[] = [];
    for (const need of scenario.needs) if (!(await isHere(need))) lacking.push(need);
    if (lacking.length === 0) here.push(scenario);
    else tell(`not on this kernel  ${scenario.file.padEnd(48)}  ${lacking.join(', ')}`);
  }
  return here;
}
