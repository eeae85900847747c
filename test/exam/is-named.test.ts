import { expect, it } from 'vitest';
import type { Scenario } from '../lab/scenario-file.ts';
import { isNamed } from './is-named.ts';

const scenario = { folder: 'host-to-container/docker', file: 'macvlan-host', expect: 'macvlan-host-child' };
const named = (words: string): boolean => isNamed(scenario as Scenario, words);

it.each(['macvlan-host', 'child', 'host-to-container/', 'container/docker/macvlan'])('finds %s', (words) => {
  expect(named(words)).toBe(true);
});

it.each(['docker', 'host-to-container', 'podman/'])('does not find %s', (words) => {
  expect(named(words)).toBe(false);
});
