import { expect, it } from 'vitest';
import { readScenarios } from '../lab/scenario-file.ts';
import { spread } from './spread.ts';

const scenarios = readScenarios().filter(({ later }) => later === undefined);
const chosen = spread(scenarios, 60);
const distinct = (of: readonly string[]): number => new Set(of).size;

it('chooses so many, each once, and the same ones again', () => {
  expect(chosen).toHaveLength(60);
  expect(distinct(chosen.map(({ file }) => file))).toBe(60);
  expect(spread(scenarios.toReversed(), 60)).toEqual(chosen);
  expect(spread(scenarios.slice(0, 5), 60)).toHaveLength(5);
});

it('has every flow and runtime, and few causes twice', () => {
  expect(distinct(chosen.map(({ folder }) => folder))).toBe(distinct(scenarios.map(({ folder }) => folder)));
  expect(distinct(chosen.map((one) => one.expect))).toBeGreaterThan(45);
});

it('takes more of a folder that has more', () => {
  const of = (folder: string): number => chosen.filter((one) => one.folder === folder).length;
  expect(of('container-to-outside/namespace')).toBeGreaterThan(of('host-to-container/docker'));
});
