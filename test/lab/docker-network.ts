import { DockerHost } from './docker.ts';
import type { Step, StepResult } from './lab.ts';
import { runNetdoctor } from './lab-network.ts';
import type { Network } from './scenario.ts';
import type { Scenario } from './scenario-file.ts';

type ScenarioStep = { readonly in: string; readonly sh: string };

/**
 * The networks and containers of a scenario on a Docker Engine of its own: what faults do to a host's rules and
 * settings is cheaper thrown away than put back. In every container something listens on port 80.
 */
export async function dockerNetwork(scenario: Scenario): Promise<Network> {
  const host = await DockerHost.up();
  const { lab } = host;
  const pids = new Map<string, number>();

  const step = ({ in: place, sh }: ScenarioStep): Promise<StepResult> => {
    if (place === 'host' || place === 'LAN') return lab.step({ in: place, sh });
    return lab.step({
      in: 'host',
      sh: `nsenter --net=/proc/${pids.get(place)}/ns/net bash -c ${quoted(sh)}`,
    });
  };

  try {
    for (const words of scenario.networks) await host.docker('network', 'create', ...words);
    for (const { name, run } of scenario.containers) {
      pids.set(name, await host.run(name, run));
      await step({ in: name, sh: 'serve tcp 0.0.0.0 80 & sleep 0.2' });
    }
  } catch (error) {
    await host.down();
    throw error;
  }

  return {
    step,
    start: ({ in: place, sh }) => lab.start({ in: place, sh } as Step),
    netdoctor: (target, args, whenWaiting) =>
      runNetdoctor(lab, pids.has(target) ? `docker:${target}` : target, args, whenWaiting),
    addressOf: async (name) =>
      host.docker('inspect', '--format', '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}', name),
    down: () => host.down(),
  };
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
