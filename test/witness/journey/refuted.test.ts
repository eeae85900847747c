import { expect, test } from 'vitest';
import type { Drop } from '../../../src/model/evidence.ts';
import type { Hop } from '../../../src/model/path.ts';
import type { Sighting } from '../../../src/model/sighting.ts';
import { isInOneGo } from '../../../src/witness/journey/one-go.ts';
import { isRefuted } from '../../../src/witness/journey/refuted.ts';
import { hopsOf } from '../paths.ts';

const hops = hopsOf('outside');
const all = new Set(hops.map(({ id }) => id));

const drop = (hop: string | null, direction: 'request' | 'reply' = 'request'): Drop => ({
  reason: 'NETFILTER_DROP',
  function: 'nft_do_chain',
  device: hop?.split('/')[1] ?? null,
  hop,
  direction,
  probe: 0,
  at: 50,
});
/** The probe as a request on these hops, and its reply on those. */
const seen = (requests: readonly string[], replies: readonly string[] = []): Sighting[] =>
  [
    ...requests.map((hop) => ({ hop, kind: 'request' })),
    ...replies.map((hop) => ({ hop, kind: 'reply' })),
  ].map((one) => ({ ...one, probe: 0, at: 10 }) as unknown as Sighting);
const refuted = (
  one: Drop,
  sightings: readonly Sighting[],
  captured: ReadonlySet<string> = all,
  line: readonly Hop[] = hops,
): boolean => isRefuted(one, { hops: line, captured, sightings });

test.each([
  ['the last hop that saw it', drop('host/br0'), seen(['container/eth0', 'host/vetha', 'host/br0']), false],
  ['an interface that did not show it yet', drop('host/vetha'), seen(['container/eth0']), false],
  ['a hop behind which it was seen', drop('host/vetha'), seen(['container/eth0', 'host/br0']), true],
  ['a hop before which nobody saw it', drop('host/br0'), [], true],
  ['no interface, and none saw it', drop(null), [], false],
  ['no interface, and one saw it', drop(null), seen(['container/eth0']), true],
  ['a request that was answered', drop('host/up0'), seen(['host/up0'], ['host/up0']), true],
  ['a reply, where it came in', drop('host/up0', 'reply'), seen(['host/up0'], ['host/up0']), false],
  ['a reply that was seen nearer', drop('host/up0', 'reply'), seen(['host/up0'], ['host/br0']), true],
  ['a reply that no hop saw come', drop('host/br0', 'reply'), seen(['host/up0']), true],
])('dropped at %s', (_, one, sightings, is) => expect(refuted(one, sightings)).toBe(is));

test('a tunnel shows a packet before its outer one is dropped', () => {
  const outer = { ...drop('host/br0'), device: 'up0' };
  expect(refuted(outer, seen(['container/eth0', 'host/br0', 'host/up0']))).toBe(false);
});

test('a bridge shows an answer before the port that it sends it to drops it', () => {
  const queued = { ...drop('host/up0', 'reply'), device: 'br0' };
  expect(refuted(queued, seen(['host/up0'], ['host/up0', 'host/br0']))).toBe(false);
});

test('where no capture stands before it, nobody refutes it', () => {
  expect(refuted(drop('host/br0'), [], new Set(['host/br0', 'host/up0']))).toBe(false);
});

test('where a hop is crossed twice, being seen behind it may have been the first time', () => {
  const twice = hops.map((hop) => (hop.id === 'host/br0' ? { ...hop, twice: true as const } : hop));
  expect(refuted(drop('host/br0'), seen(['container/eth0', 'host/up0']), all, twice)).toBe(false);
});

const free = (cpu: number, pid: number, location: string, reason = 'NETFILTER_DROP') => ({
  event: 'kfree_skb',
  at: 60,
  cpu,
  pid,
  location,
  reason,
  device: null,
  skb: 'a',
  length: null,
});

test('the stack works on a packet in one go: in another context the address has gone to another packet', () => {
  const taken = { event: 'netif_receive_skb', cpu: 0, pid: 7 };
  expect(isInOneGo(taken, free(0, 7, 'nft_do_chain'))).toBe(true);
  expect(isInOneGo(taken, free(1, 7, 'nft_do_chain'))).toBe(false);
  expect(isInOneGo(taken, free(0, 8, 'nft_do_chain'))).toBe(false);
});

test('what has to wait is ended by whoever comes next', () => {
  const taken = { event: 'netif_receive_skb', cpu: 0, pid: 7 };
  expect(isInOneGo(taken, free(1, 0, 'neigh_invalidate', 'NEIGH_FAILED'))).toBe(true);
  expect(isInOneGo(taken, free(1, 0, 'nf_reinject', 'NOT_SPECIFIED'))).toBe(true);
  expect(isInOneGo({ ...taken, event: 'net_dev_queue' }, free(1, 0, 'sfq_enqueue'))).toBe(true);
});
