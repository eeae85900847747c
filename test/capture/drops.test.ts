// What the tracepoints of the kernel say of a buffer is believed of a packet only where nothing else can be meant.
import { describe, expect, test } from 'vitest';
import { Drops } from '../../src/capture/drops.ts';
import { parseLine } from '../../src/witness/journey/line.ts';

const passed = (
  micros: number,
  device: string,
  skb: string,
  length: number,
  event = 'netif_receive_skb',
): string =>
  `  ping-1 [000] ..s1.  100.${String(micros).padStart(6, '0')}: ${event}: dev=${device} skbaddr=${skb} len=${length}`;
const dropped = (
  micros: number,
  skb: string,
  reason: string,
  location = 'nft_do_chain+0x3e0/0x550',
): string =>
  `  ping-1 [000] ..s1.  100.${String(micros).padStart(6, '0')}: kfree_skb: skbaddr=${skb} rx_sk=0 protocol=2048 location=${location} reason: ${reason}`;

const SEEN = { device: 'br0', at: 100_000_010, length: 98 };

function endOf(lines: readonly string[], seen = SEEN) {
  const drops = new Drops();
  for (const line of lines) drops.take(parseLine(line)!);
  return drops.after(seen);
}

const way = [passed(3, 'vetha', 'a', 84), passed(12, 'br0', 'a', 84)];

describe('a packet that was seen at br0 last', () => {
  test('was dropped by a rule', () => {
    expect(endOf([...way, dropped(15, 'a', 'NETFILTER_DROP')])).toEqual({
      reason: 'NETFILTER_DROP',
      function: 'nft_do_chain',
    });
  });

  test('on its way out, where its length has the Ethernet header', () => {
    const lines = [
      passed(12, 'br0', 'a', 98, 'net_dev_queue'),
      dropped(14, 'a', 'QDISC_DROP', '__dev_queue_xmit+0x1/0x2'),
    ];
    expect(endOf(lines)).toEqual({ reason: 'QDISC_DROP', function: '__dev_queue_xmit' });
  });

  test.each([
    ['went on', way],
    ['was freed as every packet is', [...way, dropped(15, 'a', 'NOT_SPECIFIED')]],
    ['reached a socket that has no use for it', [...way, dropped(15, 'a', 'NO_SOCKET', 'ping_rcv+0x1/0x2')]],
    [
      'and its buffer another packet’s by then',
      [...way, passed(500, 'br0', 'a', 1500), dropped(510, 'a', 'NETFILTER_DROP')],
    ],
    ['and its buffer dropped long after', [...way, dropped(9000, 'a', 'NETFILTER_DROP')]],
    ['while another was dropped', [...way, passed(13, 'br0', 'b', 60), dropped(15, 'b', 'NETFILTER_DROP')]],
    [
      'as another one of its length was, which cannot be told apart',
      [
        ...way,
        passed(13, 'br0', 'b', 84),
        dropped(15, 'a', 'NETFILTER_DROP'),
        dropped(16, 'b', 'IP_RPFILTER'),
      ],
    ],
  ])('%s', (_, lines) => {
    expect(endOf(lines)).toBeUndefined();
  });
});

test('only a second of a busy host is remembered', () => {
  const drops = new Drops();
  for (const line of [...way, dropped(15, 'a', 'NETFILTER_DROP')]) drops.take(parseLine(line)!);
  const noise = parseLine(passed(20, 'br0', 'z', 1500))!;
  for (let n = 0; n < 40_001; n++) drops.take({ ...noise, at: noise.at + n });
  expect(drops.after(SEEN)).toBeUndefined();
});
