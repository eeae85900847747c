import { describe, expect, test } from 'vitest';
import { folderOf } from './exam/kind-of-flow.ts';
import { readScenarios } from './lab/scenario-file.ts';

const scenarios = readScenarios();
const faults = scenarios.filter(({ expect }) => expect !== 'healthy' && expect !== 'undecided');

describe('the scenarios', () => {
  test('lie in the folder of their flow and runtime', () => {
    const strays = scenarios.filter((scenario) => scenario.folder !== folderOf(scenario));
    expect(strays.map((one) => `${one.folder}/${one.file}.yaml belongs in ${folderOf(one)}`)).toEqual([]);
  });

  test('hold healthy networks that must come out healthy', () => {
    const healthy = scenarios.filter(({ expect, decoy_of }) => expect === 'healthy' && !decoy_of);
    expect(healthy.length).toBeGreaterThanOrEqual(6);
  });

  test('hold at least eight faults on a real Docker Engine', () => {
    expect(faults.filter(({ engine }) => engine === 'docker').length).toBeGreaterThanOrEqual(8);
  });

  test('hold a decoy for every cause', () => {
    const decoys = new Set(scenarios.map(({ decoy_of }) => decoy_of));
    const causes = new Set(faults.map(({ expect }) => expect));
    expect([...causes].filter((cause) => !decoys.has(cause))).toEqual([]);
  });

  test('that are decoys do something', () => {
    const idle = scenarios.filter(
      ({ decoy_of, inject, before }) => decoy_of && inject.length + before.length === 0,
    );
    expect(idle.map(({ file }) => file)).toEqual([]);
  });

  test('of which npm test plays some need what every kernel has', () => {
    const samples = scenarios.filter(({ sample, needs }) => sample && needs.length > 0);
    expect(samples.map(({ file }) => file)).toEqual([]);
  });

  test('ask from outside only with a client that does', () => {
    const outside = scenarios.filter(({ args }) => args.includes('outside'));
    expect(outside.filter(({ client }) => client === undefined)).toEqual([]);
  });
});
