// What a drop says for and against a claim, and what a half-told one may not say.
import { expect, test } from 'vitest';
import {
  BRIDGE,
  confirmed,
  droppedBy,
  endings,
  isHalfTold,
  isOfKind,
  keptSilent,
  NETFILTER,
  NO_FILTER,
  NOTHING,
  refuted,
} from '../../src/kernel/drops.ts';
import { known } from '../../src/model/answer.ts';
import type { Drop } from '../../src/model/evidence.ts';
import type { Scene } from '../../src/model/scene.ts';
import { blind, dropped, healthy, lostAt } from '../causes/scene.ts';

const scene = (reason: string, place: string): Scene =>
  dropped(lostAt(healthy(), 3), reason, place) as unknown as Scene;
const FORWARDING = /^(ip_error|ip6_forward|IP_INADDRERRORS)$/;
const QUEUE = /^(__)?nf_queue$/;

/** As 5.10, 6.1 and kernels that name `kfree_skb` itself tell them; what the trace prints is in the journey's tests. */
const HALF_TOLD = [
  ['NOT_SPECIFIED', 'unknown'],
  ['NOT_SPECIFIED', 'ffffffff8176671d'],
  ['NOT_SPECIFIED', '00000000f49a23da'],
  ['NOT_SPECIFIED', 'kfree_skb'],
  ['NOT_SPECIFIED', 'kfree_skb_reason'],
  ['NOT_SPECIFIED', 'sk_skb_reason_drop'],
  // 5.10 tells no reason: a frame for another's address, and one with a broken header, end in the same function.
  ['NOT_SPECIFIED', 'ip_rcv_core'],
  ['NOT_SPECIFIED', 'ip6_rcv_core.constprop.0'],
] as const;

test.each(HALF_TOLD)('%s at %s neither confirms nor refutes', (reason, place) => {
  const lab = scene(reason, place);
  expect(isHalfTold({ reason, function: place })).toBe(true);
  for (const pattern of [FORWARDING, NETFILTER, BRIDGE, NOTHING]) {
    expect(confirmed(lab, pattern)).toBe(false);
    expect(refuted(lab, pattern)).toBe(false);
    expect(droppedBy(lab, pattern)).toBeNull();
  }
  expect(endings(lab)).toEqual([]);
  expect(keptSilent(lab)).toBe(false);
});

test('a reason without a readable function decides alone', () => {
  const lab = scene('IP_INADDRERRORS', '00000000f49a23da');
  expect(confirmed(lab, FORWARDING)).toBe(true);
  expect(refuted(lab, BRIDGE)).toBe(true);
  expect(droppedBy(lab, BRIDGE)).toBe(false);
});

test('of a firewall’s drop without a function nobody knows which hook it was', () => {
  const lab = scene('NETFILTER_DROP', '00000000f49a23da');
  expect(confirmed(lab, NETFILTER)).toBe(true);
  expect(isOfKind({ reason: 'NETFILTER_DROP', function: 'unknown' }, QUEUE)).toBeNull();
  expect(refuted(lab, QUEUE)).toBe(false);
});

test('a function decides where the reason says nothing', () => {
  expect(droppedBy(scene('NOT_SPECIFIED', 'br_handle_frame_finish'), BRIDGE)).toBe(true);
  expect(refuted(scene('NOT_SPECIFIED', 'br_handle_frame_finish'), NETFILTER)).toBe(true);
});

test('a half-told drop beside a told one changes nothing', () => {
  const lab = scene('IP_INADDRERRORS', 'ip_error');
  const [told] = (lab.drops as { value: readonly Drop[] }).value;
  const both = {
    ...lab,
    drops: known([told!, { ...told!, reason: 'NOT_SPECIFIED', function: 'unknown' }], []),
  };
  expect(confirmed(both, FORWARDING)).toBe(true);
  expect(refuted(both, BRIDGE)).toBe(true);
  expect(endings(both)).toEqual([told]);
});

test('silence proves nothing where nobody listened, or another device was followed', () => {
  const lab = lostAt(healthy(), 3) as unknown as Scene;
  expect(keptSilent(lab)).toBe(true);
  expect(keptSilent({ ...lab, followed: false })).toBe(false);
  expect(keptSilent(blind(lostAt(healthy(), 3)) as unknown as Scene)).toBe(false);
});

test.each([
  ['NETFILTER_DROP', 'nft_do_chain', false],
  ['NOT_SPECIFIED', 'ipt_do_table', false],
  ['TC_INGRESS', '__netif_receive_skb_core.constprop.0', false],
  ['NOT_SPECIFIED', 'do_xdp_generic', false],
  ['QDISC_DROP', '__dev_queue_xmit', true],
  ['IP_INADDRERRORS', 'ip_error', true],
  ['NEIGH_FAILED', 'arp_error_report', true],
  ['NO_SOCKET', 'tcp_v4_rcv', true],
  ['NETFILTER_DROP', 'unknown', null],
] as const)('%s at %s: may it come of a wrong address, route or neighbour? %s', (reason, place, may) => {
  expect(isOfKind({ reason, function: place }, NO_FILTER)).toBe(may);
});

test('a copy that a switch flooded here as well is no end of the packet', () => {
  const copy = scene('OTHERHOST', 'ip_rcv_core');
  expect(droppedBy(copy, FORWARDING)).toBeNull();
  expect(droppedBy(copy, /^OTHERHOST$/)).toBe(true);
  const both = dropped(lostAt(healthy(), 3), 'IP_INADDRERRORS', 'ip_error');
  if (both.drops.known && copy.drops.known) both.drops.value.push(copy.drops.value[0]! as never);
  expect(droppedBy(both as unknown as Scene, FORWARDING)).toBe(true);
  expect(droppedBy(both as unknown as Scene, QUEUE)).toBe(false);
});
