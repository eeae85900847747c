import { ContainerdHost } from './containerd-host.ts';
import { CriHost } from './cri-host.ts';
import { DockerHost } from './docker.ts';
import { engineNetwork } from './engine-network.ts';
import { labNetwork } from './lab-network.ts';
import { PodmanHost } from './podman.ts';
import type { Network } from './scenario.ts';
import type { Scenario } from './scenario-file.ts';

/** The network that a scenario is played on: a lab of its own, or containers of an engine. */
export async function networkOf(scenario: Scenario): Promise<Network> {
  if (scenario.engine === 'docker') return engineNetwork(scenario, await DockerHost.up(scenario));
  if (scenario.engine === 'podman') return engineNetwork(scenario, await PodmanHost.up(scenario));
  if (scenario.engine === 'containerd') return engineNetwork(scenario, await ContainerdHost.up());
  if (scenario.engine === 'cri') return engineNetwork(scenario, await CriHost.up());
  return labNetwork(scenario);
}
