// What netdoctor counted at each hop, compared with a tcpdump that stood there at the same time.
import { describe, expect, test } from 'vitest';
import { Lab, type Step } from './lab/lab.ts';
import { runNetdoctor } from './lab/lab-network.ts';
import { Tcpdump } from './lab/tcpdump.ts';

const faults: [string, Step[]][] = [
  ['nothing is wrong', []],
  ['forwarding is off', [{ in: 'host', sh: 'sysctl -qw net.ipv4.ip_forward=0' }]],
  ['nothing is masqueraded', [{ in: 'host', sh: 'iptables -t nat -F POSTROUTING; iptables -t raw -F' }]],
  ['requests are dropped', [{ in: 'host', sh: 'iptables -I DOCKER-USER -i br0 -j DROP' }]],
  ['replies are dropped', [{ in: 'host', sh: 'iptables -I DOCKER-USER -i up0 -j DROP' }]],
  ['the destination is silent', [{ in: 'LAN', sh: 'sysctl -qw net.ipv4.icmp_echo_ignore_all=1' }]],
];

type Hop = { id: string; captured: boolean; request: number | null; reply: number | null };

describe('the counts of each hop are those of tcpdump when', () => {
  test.for(faults)('%s', async ([, steps]) => {
    const lab = await Lab.up();
    try {
      await lab.steps(steps);
      const dumps = new Map([
        ['container/eth0', await Tcpdump.start(lab, 'A', 'eth0')],
        ['host/vetha', await Tcpdump.start(lab, 'host', 'vetha')],
        ['host/br0', await Tcpdump.start(lab, 'host', 'br0')],
        ['host/up0', await Tcpdump.start(lab, 'host', 'up0')],
      ]);
      const { stdout } = await runNetdoctor(lab, `netns:${lab.names.A}`, ['--to', '198.51.100.1']);
      await Promise.all([...dumps.values()].map((dump) => dump.stop()));

      const path: Hop[] = JSON.parse(stdout).path;
      // The first to leave the container are the probes; the host's control probe and the full-size check, which
      // ask other questions, have ids of their own.
      const probe = dumps.get('container/eth0')?.pings[0]?.id;
      const seen = [...dumps].map(([id, { pings }]) => {
        const ours = pings.filter(({ id }) => id === probe);
        const count = (way: string) => ours.filter(({ direction }) => direction === way).length;
        return { id, captured: true, request: count('request'), reply: count('reply') };
      });
      expect(path.filter(({ id }) => dumps.has(id))).toMatchObject(seen);
    } finally {
      lab.down();
    }
  });
});
