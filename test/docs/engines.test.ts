import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readScenarios } from '../lab/scenario-file.ts';

const text = readFileSync(`${import.meta.dirname}/../../docs/engines.md`, 'utf8');
const named = [...text.matchAll(/`((?:docker2\d|docker|podman|swarm)-[a-z\d-]+)`/g)].map(([, name]) => name);
const played = readScenarios();

test('docs/engines.md names no scenario that is not there', () => {
  const there = played.map(({ file }) => file);
  expect(named.filter((name) => name !== 'docker-bridges' && !there.includes(name!))).toEqual([]);
});

/** `- **what**. healthy: …; with a fault: ….` as its parts, line breaks taken out. */
const items = [...text.matchAll(/^- \*\*(.+?)\*\*\. (healthy.+?\.)$(?!\n {2})/gms)].map(([, what, said]) => {
  const [healthy = '', faults = ''] = said!.replace(/\s+/g, ' ').split('; with a fault: ');
  return { what: what!.replace(/\s+/g, ' '), healthy, faults };
});
const names = (words: string): string[] =>
  [...words.matchAll(/`([a-z\d]+-[a-z\d-]+)`/g)].map(([, name]) => name!);

test('docs/engines.md counts in its tables what its lists name', () => {
  const rows = text.matchAll(/^\| (.+?) +\| (\d+) +\| (\d+) +\|$/gm);
  const counted = [...rows].map(([, what, healthy, faults]) => `${what}: ${healthy}, ${faults}`);
  expect(counted.length).toBeGreaterThan(20);
  expect(
    items.map((one) => `${one.what}: ${names(one.healthy).length}, ${names(one.faults).length}`),
  ).toEqual(counted);
});

test('docs/engines.md calls healthy what must be, and a fault what has one', () => {
  const expected = new Map(played.map(({ file, expect }) => [file, expect === 'healthy']));
  const wrong = items.flatMap(({ healthy, faults }) => [
    // “before its fault” names a fault for its control.
    ...names(healthy.replace(/`[^`]+` before its fault/, '')).filter((name) => expected.get(name) === false),
    ...names(faults).filter((name) => expected.get(name) === true),
  ]);
  expect(wrong).toEqual([]);
});
