import { expect, test } from 'vitest';
import { parseTracked } from '../../src/discover/parse/conntrack.ts';
import { besideHeld, portToTry } from '../../src/engine/stuck-port.ts';
import type { Tracked } from '../../src/model/facts.ts';
import { connection } from '../kernel/connection.ts';

const entry = (port: number, flags = '[UNREPLIED] '): Tracked =>
  parseTracked(
    `udp 17 28 src=10.88.0.2 dst=198.51.100.1 sport=${port} dport=123 ${flags}src=198.51.100.1 dst=10.88.0.2 sport=123 dport=${port}`,
  )!;
const socket = (sourcePort: number) =>
  connection({ proto: 'udp', state: 'UNCONN', sourcePort, destinationPort: 0 });
const fresh = () => true;

test('the port of what was not answered lately is tried, while nobody else speaks with that end', () => {
  expect(portToTry([entry(1123)], 123, [], fresh)).toBe(1123);
  expect(portToTry([entry(1123)], 123, [socket(5000)], fresh)).toBe(1123);
  expect(portToTry([entry(1123)], 123, undefined, fresh)).toBe(1123);
  expect(portToTry([entry(1123)], 123, [], () => false)).toBeNull();
  expect(portToTry([entry(1123)], 514, [], fresh)).toBeNull();
  expect(portToTry([entry(1123, '')], 123, [], fresh)).toBeNull();
});

test('what a program that is gone has left behind is not renewed beside one that is there', () => {
  expect(portToTry([entry(1123), entry(123, '')], 123, [socket(123)], fresh)).toBeNull();
  expect(portToTry([entry(123)], 123, [socket(123)], fresh)).toBeNull();
});

test('a free port beside one from which a program speaks with that end is tried, of the same side of 1024', () => {
  const one = (of: Tracked, to: number, ...held: number[]) => besideHeld([of], to, held.map(socket), () => 9);
  expect(one(entry(4000, ''), 123, 4000)).toBe(4001);
  expect(one(entry(4000), 123, 4000, 4001)).toBe(3999);
  expect(one(entry(1023), 123, 1023)).toBe(1022);
  expect(one(entry(4000), 53, 4000)).toBeNull();
  expect(one(entry(4000), 123, 5000)).toBeNull();
});

test('of several it is the one behind whose last packet most time has passed, however long it is kept', () => {
  const ages = new Map([
    [4000, 900],
    [6000, 100],
    [8000, null],
  ]);
  const entries = [6000, 8000, 4000].map((port) => entry(port));
  const held = [...ages.keys()].map(socket);
  expect(besideHeld(entries, 123, held, ({ original }) => ages.get(original.sourcePort!)!)).toBe(4001);
});
