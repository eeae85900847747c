import { expect, test } from 'vitest';
import { askedInVain } from '../../src/engine/run/observing.ts';
import type { Sighting } from '../../src/model/sighting.ts';

const talk = (says: string, milliseconds: number, hop = 'host/up0'): Sighting => ({
  hop,
  kind: 'neighbour',
  probe: -1,
  at: milliseconds * 1000,
  source: '',
  destination: '',
  sourceMac: null,
  destinationMac: null,
  family: 4,
  sourcePort: null,
  destinationPort: null,
  length: 28,
  ttl: null,
  says,
});
const asks = (at: number, by = '203.0.113.5') => talk(`who has 192.0.2.1? tell ${by}`, at);
const inVain = (...sightings: Sighting[]) => askedInVain(sightings, '192.0.2.1', 'host/up0');

test('a neighbour that asks for two seconds and gets no answer asks in vain', () => {
  expect(inVain(asks(0), asks(1000), asks(2010))).toBe(true);
});

test('one question is no proof, and two in a row may be answered yet', () => {
  expect(inVain(asks(0))).toBe(false);
  expect(inVain(asks(0), asks(1000))).toBe(false);
});

test('an answer, before or after, ends it', () => {
  expect(inVain(asks(0), talk('192.0.2.1 is at 02:00:00:00:00:01', 10), asks(2010))).toBe(false);
});

test('two neighbours that ask once each do not make one that asks again', () => {
  expect(inVain(asks(0), asks(2010, '192.0.2.2'))).toBe(false);
});

test('questions for other addresses, and on other hops, are nobody’s here', () => {
  expect(inVain(talk('who has 192.0.2.9? tell 203.0.113.5', 0), asks(2010))).toBe(false);
  expect(inVain(talk('who has 192.0.2.1? tell 203.0.113.5', 0, 'host/br0'), asks(2010))).toBe(false);
});
