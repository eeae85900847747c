import { dockerNetwork } from './docker-network.ts';
import { labNetwork } from './lab-network.ts';
import type { Network } from './scenario.ts';
import type { Scenario } from './scenario-file.ts';

/** The network that a scenario is played on: a lab of its own, or containers of an engine. */
export function networkOf(scenario: Scenario): Promise<Network> {
  return scenario.engine === 'docker' ? dockerNetwork(scenario) : labNetwork(scenario);
}
