import { labNetwork } from './lab-network.ts';
import type { Network } from './scenario.ts';
import type { Scenario } from './scenario-file.ts';

/** The network that a scenario is played on: a lab of its own, or containers of an engine. */
export async function networkOf(scenario: Scenario): Promise<Network> {
  return labNetwork(scenario);
}
