import { expect, test } from 'vitest';
import { parseLine } from '../../../src/witness/journey/line.ts';

test('a device event', () => {
  const text =
    '            node-24566   [001] b....  5533.014194: net_dev_queue: dev=eth0 skbaddr=00000000eaf38e6e len=346';
  expect(parseLine(text)).toEqual({
    pid: 24566,
    cpu: 1,
    at: 5533014194,
    event: 'net_dev_queue',
    device: 'eth0',
    skb: '00000000eaf38e6e',
    length: 346,
    location: null,
    reason: null,
  });
});

test('a drop with its reason, and one of a kernel that names none', () => {
  const drop =
    '  ksoftirqd/1-22 [001] ..s1. 5.014310: kfree_skb: skbaddr=00000000eaf38e6e rx_sk=0000000000000000 protocol=2048 location=ip_error+0x94/0x210 reason: IP_INADDRERRORS';
  expect(parseLine(drop)).toMatchObject({
    pid: 22,
    location: 'ip_error',
    reason: 'IP_INADDRERRORS',
    device: null,
  });
  const old =
    ' <idle>-0 [000] ..s. 5.014310: kfree_skb: skbaddr=00000000eaf38e6e protocol=2048 location=00000000abcdef01';
  expect(parseLine(old)).toMatchObject({ pid: 0, reason: null });
});

test('a program whose name looks like a line of its own', () => {
  const text = ' a-1 [000] x: y-77 [000] ..s1. 5.000001: netif_rx: dev=br-1a2b skbaddr=00000000aa len=60';
  expect(parseLine(text)).toMatchObject({ pid: 77, device: 'br-1a2b' });
});

test.each(['# tracer: nop', 'CPU:1 [LOST 12 EVENTS]', ''])('%j is no event', (text) => {
  expect(parseLine(text)).toBeUndefined();
});
