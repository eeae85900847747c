import { setTimeout as sleep } from 'node:timers/promises';
import { askNetdoctor } from './ask-netdoctor.ts';
import { networkOf } from './network.ts';
import type { Answer, Network, Row } from './scenario.ts';
import type { Scenario } from './scenario-file.ts';

/** A scenario whose fault stands, to be asked about as often as one likes. */
export interface Staged {
  readonly network: Network;
  /** Before the fault; null where the lab as built already shows it. */
  readonly control: Answer | null;
  /** The scenario's own question, asked once more. */
  ask(): Promise<Row>;
}

/**
 * Builds the scenario's network, asks before the fault where the exam does, so that it is a network in use, makes the
 * fault, and takes everything down after `asking`.
 */
export async function staged<T>(scenario: Scenario, asking: (stage: Staged) => Promise<T>): Promise<T> {
  const network = await networkOf(scenario);
  try {
    for (const step of scenario.before) await network.step(step);
    const process = scenario.process && (await network.start(scenario.process));
    const question = (): Promise<Answer> => askNetdoctor(network, scenario, process);
    const isFault = scenario.expect !== 'healthy';
    const control = isFault && scenario.control === 'healthy' ? await question() : null;
    for (const step of scenario.inject) await network.step(step);
    await sleep(scenario.settle * 1000);
    const ask = async (): Promise<Row> => ({
      scenario,
      control,
      answer: await question(),
      repaired: null,
      failedSteps: [],
    });
    return await asking({ network, control, ask });
  } finally {
    await network.down();
  }
}
