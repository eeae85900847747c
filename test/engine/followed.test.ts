// Whether the trace followed the lost packet: only then does its silence prove that nothing was dropped.
import { expect, test } from 'vitest';
import { isFollowed } from '../../src/engine/scene.ts';
import type { Path } from '../../src/model/path.ts';
import type { Place } from '../../src/model/place.ts';
import type { Direction, Sighting } from '../../src/model/sighting.ts';
import { healthy, lostAt, silent } from '../causes/scene.ts';

const step = (hop: string, direction: Direction = 'request') => ({
  probe: 0,
  direction,
  hop,
  event: 'netif_receive_skb',
});
const ask = (lab: ReturnType<typeof healthy>, steps: Parameters<typeof isFollowed>[2]) =>
  isFollowed(lab.path as Path, lab.place as Place, steps, lab.sightings as Sighting[]);

test('where trace and capture agree', () => {
  expect(ask(lostAt(healthy(), 3), [step('host/br0')])).toBe(true);
  expect(ask(lostAt(healthy(), 3), [step('host/vetha')])).toBe(false);
});

test('an answer that the trace has and the capture has not was another device of that name', () => {
  const lab = silent(healthy());
  expect(ask(lab, [step('host/up0')])).toBe(true);
  expect(ask(lab, [step('host/up0'), step('host/up0', 'reply')])).toBe(false);
});

test('two neighbouring hops of one name cannot be told apart', () => {
  const lab = lostAt(healthy(), 3);
  lab.path.hops[3]!.name = 'br0';
  expect(ask(lab, [step('host/br0')])).toBe(false);
});
