import { describe, expect, test } from 'vitest';
import { Once } from '../../src/engine/run/once.ts';
import type { Sighting } from '../../src/model/sighting.ts';

const seen = (about: Partial<Sighting> = {}): Sighting => ({
  hop: 'container/eth0',
  kind: 'request',
  probe: 0,
  at: 1,
  source: '10.88.0.2',
  destination: '198.51.100.1',
  sourceMac: '02:00:00:00:00:01',
  destinationMac: '02:00:00:00:00:02',
  family: 4,
  sourcePort: null,
  destinationPort: null,
  length: 500,
  ttl: 64,
  says: null,
  ...about,
});

describe('a probe on a hop', () => {
  test('counts once, however often it is sent again', () => {
    const once = new Once();
    expect(once.admits(seen())).toBe(true);
    for (let at = 2; at < 100; at++) expect(once.admits(seen({ at }))).toBe(false);
    expect(once.admits(seen({ probe: 1 }))).toBe(true);
    expect(once.admits(seen({ kind: 'reply' }))).toBe(true);
    expect(once.admits(seen({ hop: 'host/br0' }))).toBe(true);
  });

  test('counts again where it is another packet: before a NAT, and behind it', () => {
    const once = new Once();
    once.admits(seen());
    expect(once.admits(seen({ source: '192.0.2.1', ttl: 63 }))).toBe(true);
  });

  test('is told of in so many forms and no more', () => {
    const once = new Once();
    const told = Array.from({ length: 255 }, (_, ttl) => once.admits(seen({ ttl })));
    expect(told.filter(Boolean).length).toBeLessThan(20);
  });
});

test('a neighbour that asks again is heard again, and not for ever', () => {
  const once = new Once();
  const question = seen({ kind: 'neighbour', probe: -1, says: 'who has 10.88.0.9? tell 10.88.0.1' });
  expect([once.admits(question), once.admits(question), once.admits(question)]).toEqual([true, true, true]);
  for (let times = 0; times < 100; times++) once.admits(question);
  expect(once.admits(question)).toBe(false);
  once.forget();
  expect(once.admits(question)).toBe(true);
});
