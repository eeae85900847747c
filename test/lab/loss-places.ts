/**
 * Every place on the way of A's packets through the lab's host where nft can take some of them away, and what a watch must say of
 * it. A cable's two ends are none: what enters a veth comes out of the other.
 */
import type { Lab } from './lab.ts';
import type { Place } from './names.ts';

export interface LossPlace {
  readonly name: string;
  readonly in: Place;
  /** A chain of nft(8): family, and all that stands in its braces. */
  readonly family: 'netdev' | 'bridge' | 'inet';
  readonly hook: string;
  readonly takes: 'request' | 'reply';
  /** What else a rule there must match. */
  readonly only: string;
  readonly direction: 'request' | 'beyond' | 'reply';
  /** Hop ids: the last that saw it, the first that did not. */
  readonly between: readonly [string | null, string | null];
}

const UPLINK = 'host/up0';

export const lossPlaces: readonly LossPlace[] = [
  {
    ...{ name: 'request, program to eth0', in: 'A', family: 'netdev', only: '' },
    ...{ hook: 'type filter hook egress device eth0 priority 0', takes: 'request' },
    ...{ direction: 'request', between: [null, 'container/eth0'] },
  },
  {
    ...{ name: 'request, veth to bridge', in: 'host', family: 'bridge', only: 'iifname vetha' },
    ...{ hook: 'type filter hook prerouting priority -300', takes: 'request' },
    ...{ direction: 'request', between: ['host/vetha', 'host/br0'] },
  },
  {
    ...{ name: 'request, bridge to uplink', in: 'host', family: 'inet', only: 'iifname br0' },
    ...{ hook: 'type filter hook forward priority -10', takes: 'request' },
    ...{ direction: 'request', between: ['host/br0', UPLINK] },
  },
  {
    ...{ name: 'request, beyond', in: 'LAN', family: 'netdev', only: '' },
    ...{ hook: 'type filter hook ingress device eth0 priority 0', takes: 'request' },
    ...{ direction: 'beyond', between: [UPLINK, null] },
  },
  {
    ...{ name: 'answer, beyond', in: 'LAN', family: 'netdev', only: '' },
    ...{ hook: 'type filter hook egress device eth0 priority 0', takes: 'reply' },
    ...{ direction: 'beyond', between: [UPLINK, null] },
  },
  {
    ...{ name: 'answer, uplink to bridge', in: 'host', family: 'inet', only: 'oifname br0' },
    ...{ hook: 'type filter hook forward priority -10', takes: 'reply' },
    ...{ direction: 'reply', between: [UPLINK, 'host/br0'] },
  },
  {
    ...{ name: 'answer, bridge to veth', in: 'host', family: 'bridge', only: 'oifname vetha' },
    ...{ hook: 'type filter hook postrouting priority 300', takes: 'reply' },
    ...{ direction: 'reply', between: ['host/br0', 'host/vetha'] },
  },
  {
    ...{ name: 'answer, eth0 to program', in: 'A', family: 'inet', only: '' },
    ...{ hook: 'type filter hook input priority 0', takes: 'reply' },
    ...{ direction: 'reply', between: ['container/eth0', null] },
  },
];

/** Packets of a watch: requests and their answers. */
const PACKETS = {
  icmp4: { request: 'icmp type echo-request', reply: 'icmp type echo-reply' },
  icmp6: { request: 'icmpv6 type echo-request', reply: 'icmpv6 type echo-reply' },
  tcp: {
    request: 'tcp flags & (syn | ack) == syn',
    reply: 'tcp flags & (syn | ack) == (syn | ack)',
  },
} as const;
export type Packets = keyof typeof PACKETS;

/** From now on packets of that place are taken away, as `which` says: `numgen random mod 100 < 5`. */
export async function lose(
  lab: Lab,
  { in: where, family, hook, takes, only }: LossPlace,
  packets: Packets,
  which: string,
): Promise<void> {
  const input = [
    `add table ${family} lossy`,
    `add chain ${family} lossy lossy { ${hook}; }`,
    `add rule ${family} lossy lossy ${only} ${PACKETS[packets][takes]} ${which} counter drop`,
  ];
  await lab.run(where, ['nft', '-f', '-'], { input: input.join('\n') });
}

/** No more are taken away; resolves with the number of those that were, as the rule itself has counted them. */
export async function loseNoMore(lab: Lab, { in: where, family }: LossPlace): Promise<number> {
  await lab.run(where, ['nft', 'insert', 'rule', family, 'lossy', 'lossy', 'accept']);
  const { stdout } = await lab.run(where, ['nft', 'list', 'table', family, 'lossy']);
  await lab.run(where, ['nft', 'delete', 'table', family, 'lossy']);
  return Number(/counter packets (\d+)/.exec(String(stdout))?.[1] ?? Number.NaN);
}
