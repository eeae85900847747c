import { expect, test } from 'vitest';
import { parseTracked } from '../../src/discover/parse/conntrack.ts';
import { besideHeld, heldLongest, portToTry } from '../../src/engine/stuck-port.ts';
import type { Tracked } from '../../src/model/facts.ts';
import { iptables } from '../causes/rules-of.ts';
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
  const beside = (port: number, ...taken: number[]) => besideHeld(port, new Set(taken), []);
  expect([beside(4000), beside(4000, 4001), beside(1023)]).toEqual([4001, 3999, 1022]);
  const asked = Array.from({ length: 12 }, (_, at) => 3994 + at);
  expect(beside(4000, ...asked)).toBe(4006);
});

test('it stands for that port to every rule: none that takes the one alone, or names it alone, tells of it', () => {
  const beside = (port: number, text: string) => besideHeld(port, new Set(), iptables(`*filter\n${text}`));
  expect(beside(4000, '-A FORWARD -p udp -m udp --dport 0:4000 -j DROP')).toBe(3999);
  expect(beside(4000, '-A FORWARD -p udp -m udp --sport 4001 -j DROP')).toBe(3999);
  expect(beside(4000, '-A FORWARD -p udp -m udp ! --sport 4001 -j DROP')).toBe(3999);
  expect(beside(4000, '-A FORWARD -p udp -m multiport --sports 3999,4001:4003 -j DROP')).toBe(3998);
  expect(beside(4000, '-A FORWARD -p udp -m udp --sport 4000 -j DROP')).toBeNull();
  expect(beside(4000, '-A FORWARD -p udp -m udp --sport 53 -j DROP')).toBe(4001);
});

test('of several it is the one behind whose last packet most time has passed, however long it is kept', () => {
  const ages = new Map([
    [4000, 900],
    [6000, 100],
    [8000, null],
  ]);
  const entries = [6000, 8000, 4000].map((port) => entry(port));
  const age = ({ original }: Tracked) => ages.get(original.sourcePort!) ?? null;
  const held = (to: number, ...ports: number[]) => heldLongest(entries, to, ports.map(socket), age);
  expect([held(123, ...ages.keys()), held(123, 6000, 8000)]).toEqual([4000, 6000]);
  expect([held(53, 4000), held(123, 5000)]).toEqual([null, null]);
});
