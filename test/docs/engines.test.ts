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

test('docs/engines.md puts what must be healthy into the second column, and faults into the third', () => {
  const expected = new Map(played.map(({ file, expect }) => [file, expect === 'healthy']));
  const rows = text.split('\n').filter((line) => line.startsWith('| ') && line.split('|').length === 5);
  const wrong = rows.flatMap((row) => {
    const [, , healthy = '', faults = ''] = row.split('|');
    const names = (cell: string): string[] => [...cell.matchAll(/`([a-z\d-]+)`/g)].map(([, name]) => name!);
    // “before its fault” names a fault for its control.
    const calm = names(healthy.replace(/`[^`]+` before its fault/, '')).filter(
      (name) => expected.get(name) === false,
    );
    return [...calm, ...names(faults).filter((name) => expected.get(name) === true)];
  });
  expect(wrong).toEqual([]);
});
