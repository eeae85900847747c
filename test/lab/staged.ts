import { setTimeout as sleep } from 'node:timers/promises';
import { askNetdoctor } from './ask-netdoctor.ts';
import { askByHand } from './by-hand.ts';
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
    const ask = async (): Promise<Row> => {
      const answer = await question();
      const gone = isFault && answer.status === 'healthy' && (await isGone(network, scenario, process));
      return { scenario, control, answer, repaired: null, failedSteps: [], gone };
    };
    return await asking({ network, control, ask });
  } finally {
    await network.down();
  }
}

/** Asked by ordinary traffic; now and then is not gone. */
const LOOKS = 4;

/** Whether the flow is answered without netdoctor, every time. What cannot be asked by hand is not gone. */
async function isGone(network: Network, scenario: Scenario, process?: number): Promise<boolean> {
  for (let look = 0; look < LOOKS; look++) {
    const answer = await askByHand(network, scenario, process).catch(() => null);
    if (answer?.status !== 'healthy') return false;
  }
  return true;
}
