// A part of the scenarios, which stands for the rest: `npm run exam` plays them all.
import { describe, expect, test } from 'vitest';
import { askNetdoctor } from './lab/ask-netdoctor.ts';
import { networkOf } from './lab/network.ts';
import { play } from './lab/scenario.ts';
import { readScenarios } from './lab/scenario-file.ts';

const samples = readScenarios().filter(({ sample }) => sample);

// One after the other: the kernel's trace names devices and no namespace, and every network here has the same names.
describe('netdoctor says', () => {
  test.for(samples.map((scenario) => [scenario.file, scenario] as const))('%s', async ([, scenario]) => {
    const network = await networkOf(scenario);
    try {
      const { control, answer, repaired, failedSteps } = await play(scenario, network, askNetdoctor);
      expect(failedSteps).toEqual([]);
      expect(control ?? { status: 'healthy' }).toMatchObject({ status: 'healthy' });
      if (scenario.expect === 'healthy') return expect(answer).toMatchObject({ status: 'healthy' });
      // One that is wrong once in a hundred times is to be understood from what it saw then.
      expect(answer, answer.document).toMatchObject({
        status: 'fault',
        cause: expect.toSatisfy((cause) => [scenario.expect, ...scenario.also_right].includes(cause)),
      });
      if (scenario.between) expect(answer.between).toEqual(scenario.between);
      expect(repaired ?? { status: 'healthy' }).toMatchObject({ status: 'healthy' });
    } finally {
      await network.down();
    }
  });
});
