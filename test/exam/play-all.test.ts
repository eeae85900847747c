import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Row } from '../lab/scenario.ts';
import type { Scenario } from '../lab/scenario-file.ts';
import { playAll } from './play-all.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'play-all-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const scenarios = ['s01', 's02'].map((file) => ({ file, expect: 'healthy' }) as Scenario);
const rowOf = (scenario: Scenario): Row => ({
  scenario,
  control: null,
  answer: { status: 'healthy', cause: null, between: null, seconds: 1 },
  repaired: null,
  failedSteps: [],
});

it('asks only what no earlier run was answered, and tells all of it', async () => {
  const asked: string[] = [];
  const told: string[] = [];
  const run = (all: readonly Scenario[]) =>
    playAll(
      all,
      { jobs: 2, continue: join(folder, 'rows') },
      async (scenario, before) => {
        if (before.played) return before;
        asked.push(scenario.file);
        return { played: rowOf(scenario) };
      },
      ({ played }) => told.push(played!.scenario.file),
    );
  await run(scenarios.slice(0, 1));
  expect(await run(scenarios)).toHaveLength(2);
  await run(scenarios);
  expect(asked).toEqual(['s01', 's02']);
  expect(told.toSorted()).toEqual(['s01', 's01', 's01', 's02', 's02']);
});

it('begins none once the time is over', async () => {
  expect(
    await playAll(
      scenarios,
      { jobs: 1, minutes: '0' },
      async () => ({}),
      () => {},
    ),
  ).toEqual([]);
});
