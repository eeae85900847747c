import { expect, test } from 'vitest';
import type { Passage } from '../../src/model/sighting.ts';
import { examine } from './examine.ts';
import { MAC } from './lab-state.ts';
import { healthy, type Lab, silent } from './scene.ts';

const passage = (heading: 'in' | 'out', ttl: number, at: number, mac: string = MAC.lan): Passage =>
  ({
    kind: 'request',
    hop: 'host/up0',
    device: 'up0',
    heading,
    probe: 0,
    at,
    ttl,
    foreign: false,
    sourceMac: heading === 'in' ? mac : null,
  }) as Passage;

/** Out and in again, one less each time, as each of two routers takes one. */
const round = (from: number, to: number, mac?: string): Passage[] =>
  Array.from({ length: from - to + 1 }, (_, n) => passage(n % 2 ? 'in' : 'out', from - n, n, mac));

const looped = (passages: readonly Passage[], says: string | null = 'time to live exceeded'): Lab => {
  const lab = silent(healthy());
  if (says !== null)
    lab.symptom = { kind: 'error', errno: null, from: '192.0.2.2', says, bornAt: 'host/up0' };
  lab.passages = passages as never;
  return lab;
};

test('a request that goes round names the loop and both its ends', () => {
  const claim = examine('ttl-expired', looped(round(63, 1)));
  expect(claim).toMatchObject({ sure: 'proved' });
  expect(claim?.what).toMatch(/round between this host and the router 192\.0\.2\.2 /);
  expect(claim?.why).toContain(`${MAC.lan}`);
  expect(claim?.why).toMatch(/31 times, with a time to live falling from 63 to 1/);
  expect(claim?.fixes ?? []).toEqual([]);
});

test('nobody need say that it ran out', () => {
  expect(examine('ttl-expired', looped(round(63, 1), null))).not.toBeNull();
  expect(examine('ttl-expired', looped(round(63, 30), null))).toBeNull();
});

test('another than the next hop sends it back', () => {
  const claim = examine('ttl-expired', looped(round(63, 1, '02:00:00:00:02:99')));
  expect(claim?.what).toContain('the router behind up0');
  expect(claim?.why).toContain('02:00:00:00:02:99');
});

test('once is a detour, and a copy or a SYN sent again comes back as the first did', () => {
  expect(examine('ttl-expired', looped(round(63, 61)))).toBeNull();
  const again = [0, 9].flatMap((at) => [passage('out', 63, at), passage('in', 62, at + 1)]);
  expect(examine('ttl-expired', looped(again))).toBeNull();
});

test('a router beyond that says so of a request that never came back here speaks of a loop elsewhere', () => {
  expect(examine('ttl-expired', looped([passage('out', 63, 0)]))).toBeNull();
});
