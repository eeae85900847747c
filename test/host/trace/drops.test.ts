// Names come from this machine's own kernel: what is tested is what is told, and when.
import { expect, it, vi } from 'vitest';
import { Drops } from '../../../src/host/trace/drops.ts';
import type { Sample } from '../../../src/host/trace/sample.ts';

const OWN = 77;
const dropped = (skb: string, about: Partial<Sample['event']> = {}): Sample => ({
  at: 5n,
  address: null,
  event: {
    pid: 1,
    cpu: 0,
    event: 'kfree_skb',
    skb,
    device: null,
    length: null,
    reason: 'NETFILTER_DROP',
    ...about,
  },
});

function drops() {
  const told: string[] = [];
  return { told, drops: new Drops(OWN, ({ skb }) => told.push(skb)) };
}

it('a drop of a followed packet is told by itself, others never', async () => {
  const { told, drops: some } = drops();
  some.follow('a');
  some.add(dropped('x'));
  some.add(dropped('a'));
  some.add(dropped('own', { pid: OWN }));
  await vi.waitFor(() => expect(told).toEqual(['a', 'own']));
  await some.told();
  expect(told).toEqual(['a', 'own']);
});

it('the way of a packet may be told after its end, by another processor’s ring', async () => {
  const { told, drops: some } = drops();
  some.add(dropped('late'));
  some.follow('late');
  await some.told();
  expect(told).toEqual(['late']);
});

it('the ordinary end of a ping is told when all is to be told, and not before', async () => {
  const { told, drops: some } = drops();
  some.follow('a');
  some.add(dropped('a', { reason: 'NO_SOCKET' }));
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(told).toEqual([]);
  await some.told();
  expect(told).toEqual(['a']);
});

it('a host that throws away more than can be remembered is refused', () => {
  const { drops: some } = drops();
  let taken = 0;
  while (some.add(dropped('x')) && taken < 20_000) taken++;
  expect(taken).toBe(10_000);
});

it('what nobody has followed makes room for what comes later', () => {
  const { drops: some } = drops();
  for (let at = 0; at < 30_000; at++)
    expect(some.add({ ...dropped(`x${at}`), at: BigInt(at) * 100_000n })).toBe(true);
});

it('a packet whose way is told after its end hurries then', async () => {
  const { told, drops: some } = drops();
  some.add(dropped('late'));
  some.follow('late');
  await vi.waitFor(() => expect(told).toEqual(['late']));
});
