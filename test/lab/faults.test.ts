// The lab's faults, asked about without netdoctor: they break their flow, their repairs mend it, decoys do not.
import { expect, test } from 'vitest';
import { askByHand } from './by-hand.ts';
import { networkOf } from './network.ts';
import { play } from './scenario.ts';
import { readScenarios } from './scenario-file.ts';

const chosen = [
  's01-ip-forward-off',
  'f09-legacy-rules-drop',
  't10-container-cgroup-drop',
  'l20-bridge-port-isolated',
  'p07-connection-refused',
  'decoy-ip-forward-off',
  'docker-user-chain-drop',
];

const scenarios = readScenarios().filter(({ file }) => chosen.includes(file));

test.for(scenarios.map((scenario) => [scenario.file, scenario] as const))('%s', async ([, scenario]) => {
  const network = await networkOf(scenario);
  try {
    const row = await play(scenario, network, askByHand);
    expect(row.failedSteps).toEqual([]);
    expect(row.control?.status ?? 'healthy').toBe('healthy');
    expect(row.answer.status).toBe(scenario.expect === 'healthy' ? 'healthy' : 'fault');
    expect(row.repaired?.status ?? 'healthy').toBe('healthy');
  } finally {
    await network.down();
  }
});
