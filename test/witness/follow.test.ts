import { expect, it } from 'vitest';
import type { Hop } from '../../src/model/path.ts';
import { follow } from '../../src/witness/journey/follow.ts';
import type { TraceEvent } from '../../src/witness/journey/line.ts';

/** The container and the host both call their interface eth0, as they do everywhere. */
const hops = [
  { id: 'container/eth0', name: 'eth0' },
  { id: 'host/vethweb', name: 'vethweb' },
  { id: 'host/br0', name: 'br0' },
  { id: 'host/eth0', name: 'eth0' },
] as unknown as Hop[];

const LENGTH = 91;
const plan = {
  hops,
  pid: 1,
  probes: [{ probe: 0, length: LENGTH, own: true }],
  sent: [0],
  origin: 0,
};

/** `event device skb`, one microsecond after the other; a drop names its function instead of a device. */
const trace = (lines: string): TraceEvent[] =>
  lines
    .trim()
    .split('\n')
    .map((line, index) => {
      const [event = '', where = '', skb = 'a'] = line.trim().split(' ');
      const free = event === 'kfree_skb';
      return {
        event,
        at: index + 1,
        pid: 1,
        skb,
        length: free ? null : LENGTH,
        device: free ? null : where,
        location: free ? where : null,
        reason: free ? 'TEST' : null,
      } as unknown as TraceEvent;
    });

const REQUEST = `
  net_dev_queue eth0
  net_dev_start_xmit eth0
  netif_rx vethweb
  net_dev_xmit eth0
  netif_receive_skb vethweb`;

it("does not take the container's eth0, which has sent it, for the host's", () => {
  const { steps, drops } = follow(trace(`${REQUEST}\n kfree_skb cls_bpf_classify`), plan, []);
  expect(steps.map((step) => step.hop)).not.toContain('host/eth0');
  expect(drops).toMatchObject([{ hop: 'host/vethweb', direction: 'request', function: 'cls_bpf_classify' }]);
});

const THROUGH = `${REQUEST}
  netif_receive_skb br0
  net_dev_queue eth0
  net_dev_start_xmit eth0
  net_dev_xmit eth0
  netif_rx eth0 b
  netif_receive_skb eth0 b`;

it("does not take another container's eth0 for the one that asked", () => {
  const { steps, drops } = follow(
    trace(`${THROUGH}
      net_dev_queue br0 b
      net_dev_queue vethdb b
      netif_rx eth0 b
      kfree_skb ip_rcv_core b`),
    plan,
    [],
  );
  const replies = steps.filter((step) => step.direction === 'reply').map((step) => step.hop);
  expect(replies).toContain('host/br0');
  expect(replies).not.toContain('container/eth0');
  expect(drops.map((drop) => drop.hop)).not.toContain('container/eth0');
});

it('follows the answer to the one that asked', () => {
  const { steps } = follow(
    trace(`${THROUGH}
      net_dev_queue br0 b
      net_dev_queue vethweb b
      netif_rx eth0 b`),
    plan,
    [],
  );
  expect(steps.at(-1)).toMatchObject({ hop: 'container/eth0', direction: 'reply' });
});

/** The far end of the tunnel lives on this host too, and bears the same name. */
const tunnel = {
  ...plan,
  hops: [hops[0], hops[1], hops[2], { id: 'host/vx0', name: 'vx0', kind: 'vxlan' }] as unknown as Hop[],
};
const INTO = `${REQUEST}
  netif_receive_skb br0
  net_dev_queue vx0
  net_dev_xmit vx0
  netif_rx vx0
  netif_receive_skb vx0
  kfree_skb ip_rcv_core`;

const seenOn = (kind: string) => [{ probe: 0, hop: 'host/vx0', kind, at: 8 }] as never;

it('takes the other end of a tunnel for the answer only where a capture saw something come in', () => {
  expect(follow(trace(INTO), tunnel, seenOn('reply')).drops).toMatchObject([{ direction: 'reply' }]);
  const unheard = follow(trace(INTO), tunnel, seenOn('request'));
  expect(unheard.steps.every(({ direction }) => direction === 'request')).toBe(true);
  expect(unheard.drops).toEqual([]);
});

it('tells that the other end refused the frame for its address', () => {
  const events = trace(INTO).map((one) =>
    one.event === 'kfree_skb' ? { ...one, reason: 'OTHERHOST' } : one,
  );
  expect(follow(events, tunnel, seenOn('request')).drops).toMatchObject([
    { direction: 'request', hop: 'host/vx0', reason: 'OTHERHOST' },
  ]);
});
