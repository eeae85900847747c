import { setTimeout as sleep } from 'node:timers/promises';
import type { Lab, StepResult } from './lab.ts';
import type { Scenario } from './scenario-file.ts';

/** What a scenario needs of the network it is played on. */
export interface Network {
  readonly lab: Lab;
  /** How netdoctor is told of a machine or container. */
  targetOf(name: string): string;
  /** Paths of the namespaces whose configuration a repair may touch, by name. */
  namespaces(): Promise<Readonly<Record<string, string>>>;
  step(step: { in: string; sh: string }): Promise<StepResult>;
  /** Starts a process that stays, and tells its id. */
  start(step: { in: string; sh: string }): Promise<number>;
  /** Starts netdoctor on the host, about one of its machines or containers. */
  netdoctor(target: string, args: readonly string[], whenWaiting?: () => void): Promise<NetdoctorRun>;
  /** The IPv4 address of a container. */
  addressOf(container: string): Promise<string>;
  down(): Promise<void>;
}

export type NetdoctorRun = { readonly exitCode: number; readonly stdout: string; readonly stderr: string };

/** What an asker found; `cause` is null where only the place is known, or nothing is wrong. */
export type Answer = {
  readonly status: 'healthy' | 'fault' | 'undecided' | 'failed';
  readonly cause: string | null;
  readonly between: readonly [string | null, string | null] | null;
  readonly seconds: number;
  /** What went wrong where the status is `failed`. */
  readonly complaint?: string;
  /** All that netdoctor said, as it said it. */
  readonly document?: string;
};

export type Asker = (network: Network, scenario: Scenario, processId: number | undefined) => Promise<Answer>;

/** How one scenario went: the three times the question was asked. */
export type Row = {
  readonly scenario: Scenario;
  /** Before the fault; null where the lab as built already shows it. */
  readonly control: Answer | null;
  readonly answer: Answer;
  /** After the repair; null where there is none that was seen to work. */
  readonly repaired: Answer | null;
  /** Steps that failed, which may be why. */
  readonly failedSteps: readonly string[];
  /** It was called healthy, and ordinary traffic was then answered too, every time: the fault had come to an end. */
  readonly gone?: boolean;
};

/** Plays a scenario on a network of its own: healthy, broken, repaired, with the question asked each time. */
export async function play(scenario: Scenario, network: Network, ask: Asker): Promise<Row> {
  const failedSteps: string[] = [];
  const take = async (steps: Scenario['before']): Promise<void> => {
    for (const step of steps) {
      const { exitCode, said } = await network.step(step);
      if (exitCode !== 0) failedSteps.push(`${step.in}: ${step.sh} → ${exitCode} ${said.trim()}`);
    }
  };

  await take(scenario.before);
  const processId = scenario.process && (await network.start(scenario.process));
  const question = (): Promise<Answer> => ask(network, scenario, processId);
  const isFault = scenario.expect !== 'healthy';

  const control = isFault && scenario.control === 'healthy' ? await question() : null;
  await take(scenario.inject);
  await sleep(scenario.settle * 1000);
  const answer = await question();
  if (scenario.repair.length === 0) return { scenario, control, answer, repaired: null, failedSteps };
  await take(scenario.repair);
  const repaired = scenario.repair_mends ? await question() : null;
  return { scenario, control, answer, repaired, failedSteps };
}
