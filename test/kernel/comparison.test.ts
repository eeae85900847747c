import { expect, it } from 'vitest';
import { compare } from '../../src/kernel/comparison.ts';
import type { ProbeOutcome, Sighting } from '../../src/model/sighting.ts';
import { healthy } from '../causes/scene.ts';

const { path } = healthy('outside', 4);
const exit = path.hops.at(-1)!;

const outcome = (probe: number, result: ProbeOutcome['result']): ProbeOutcome => ({
  probe,
  result,
  microseconds: null,
  errno: null,
  says: null,
});

const left = (probe: number, about: Partial<Sighting> = {}): Sighting => ({
  hop: exit.id,
  kind: 'request',
  probe,
  at: 0,
  source: '192.0.2.1',
  destination: '198.51.100.1',
  sourceMac: null,
  destinationMac: '02:00:00:00:00:01',
  family: 4,
  sourcePort: 40000 + probe,
  destinationPort: 80,
  length: 60,
  ttl: 63,
  says: null,
  ...about,
});

const outcomes = [outcome(0, 'answered'), outcome(1, 'silent'), outcome(2, 'answered'), outcome(3, 'silent')];

it('names what all the lost have and no answered one has', () => {
  const dead = { destination: '198.51.100.99' };
  expect(compare(path, outcomes, [left(0), left(1, dead), left(2), left(3, dead)])).toEqual({
    lost: 2,
    answered: 2,
    differences: [{ trait: 'destination', lost: '198.51.100.99:80', answered: ['198.51.100.1:80'] }],
  });
});

it('blames nothing that an answered probe used too', () => {
  const dead = { destination: '198.51.100.99' };
  expect(
    compare(path, outcomes, [left(0, dead), left(1, dead), left(2), left(3, dead)])?.differences,
  ).toEqual([]);
});

it('blames nothing that the lost do not share', () => {
  const sightings = [left(0), left(1, { destinationMac: 'a' }), left(2), left(3, { destinationMac: 'b' })];
  expect(compare(path, outcomes, sightings)?.differences).toEqual([]);
});

it('takes a frame that a capture missed for nothing', () => {
  const dead = { destinationMac: '02:00:00:00:00:02' };
  expect(compare(path, outcomes, [left(0), left(1, dead), left(3, dead)])?.differences).toEqual([
    { trait: 'next-hop', lost: dead.destinationMac, answered: ['02:00:00:00:00:01'] },
  ]);
});

it('compares nothing where all were lost, or all answered', () => {
  expect(compare(path, [outcome(0, 'silent')], [left(0)])).toBeNull();
  expect(compare(path, [outcome(0, 'answered')], [left(0)])).toBeNull();
});

it('takes the packet that was lost, where it was sent again by another way', () => {
  const [dead, living] = [{ destinationMac: '02:00:00:00:00:02' }, { at: 1_000_000 }];
  const sightings = [
    left(0),
    left(1, dead),
    left(1, living),
    left(2, { ...dead }),
    left(2, living),
    left(3, dead),
  ];
  expect(compare(path, outcomes, sightings)?.differences).toEqual([
    { trait: 'next-hop', lost: dead.destinationMac, answered: ['02:00:00:00:00:01'] },
  ]);
});
