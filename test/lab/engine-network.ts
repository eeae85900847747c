import { addressOf, namesParts, partsOf } from './engine-parts.ts';
import type { Lab, Step, StepResult } from './lab.ts';
import { runNetdoctor } from './lab-network.ts';
import type { Network } from './scenario.ts';
import type { Scenario } from './scenario-file.ts';

type ScenarioStep = { readonly in: string; readonly sh: string };

export interface EngineOptions {
  readonly ipv6?: boolean;
  /** Docker's daemon.json. */
  readonly daemon?: Readonly<Record<string, unknown>>;
  /** A second Docker Engine on a host behind LAN, both in one swarm. */
  readonly far?: boolean;
}

/** What a scenario asks of an engine. */
export interface Engine {
  /** Asks it by its own client; resolves to what it said. */
  client(...argv: string[]): Promise<string>;
  /** Runs a container that sleeps; resolves to the process id of its first process. */
  run(name: string, options?: readonly string[]): Promise<number>;
  /** Where its client has no `inspect` of Docker's kind: the process of a container. */
  pidOf?(name: string): Promise<number>;
}

/** A host of its own on which an engine runs. */
export interface EngineHost extends Engine {
  readonly name: 'docker' | 'podman' | 'containerd' | 'cri';
  readonly lab: Lab;
  readonly far?: Engine & { readonly endpoint: string };
  down(): Promise<void>;
}

/**
 * The networks and containers of a scenario on an engine of its own: what faults do to a host's rules and settings is
 * cheaper thrown away than put back. In every container something listens on port 80.
 */
export async function engineNetwork(scenario: Scenario, host: EngineHost): Promise<Network> {
  const { lab } = host;
  const names = new Set(scenario.containers.map(({ name }) => name));
  const homeOf = (name: string): Engine =>
    (scenario.containers.some((one) => one.name === name && one.on === 'far') && host.far) || host;
  const inspect = (name: string, format: string): Promise<string> =>
    homeOf(name).client('inspect', '--format', format, name);
  const pidOf = async (name: string): Promise<number> =>
    homeOf(name).pidOf?.(name) ?? Number(await inspect(name, '{{.State.Pid}}'));

  let parts: Promise<void> | undefined;
  const tellParts = async (): Promise<void> => {
    const [first] = scenario.containers;
    if (first) Object.assign(lab.environment, await partsOf(lab, await pidOf(first.name)));
  };

  const step = async ({ in: place, sh }: ScenarioStep): Promise<StepResult> => {
    // Once, and before the first step that names one: afterwards a fault may have taken it away.
    if (namesParts(sh)) {
      parts ??= tellParts();
      await parts;
    }
    if (place === 'host' || place === 'LAN') return lab.step({ in: place, sh });
    if (place === 'far') return lab.step({ in: 'B', sh: `export DOCKER_HOST=${host.far?.endpoint}; ${sh}` });
    // Asked each time: a restart gives it another.
    const pid = await pidOf(place);
    return lab.step({ in: 'host', sh: `nsenter --net=/proc/${pid}/ns/net bash -c ${quoted(sh)}` });
  };

  try {
    for (const words of scenario.networks) await host.client('network', 'create', ...words);
    for (const { name, run } of scenario.containers) {
      await homeOf(name).run(name, run);
      await step({ in: name, sh: 'serve tcp 0.0.0.0 80 & sleep 0.2' });
    }
  } catch (error) {
    await host.down();
    throw error;
  }

  const targetOf = (name: string): string => (names.has(name) ? `${host.name}:${name}` : name);
  const pathOf = async (name: string): Promise<[string, string]> => [
    name,
    `/proc/${await pidOf(name)}/ns/net`,
  ];
  return {
    lab,
    targetOf,
    namespaces: async () => ({
      host: lab.namespace('host'),
      LAN: lab.namespace('LAN'),
      ...Object.fromEntries(await Promise.all([...names].map(pathOf))),
    }),
    step,
    start: ({ in: place, sh }) => lab.start({ in: place, sh } as Step),
    netdoctor: (target, args, whenWaiting) => runNetdoctor(lab, targetOf(target), args, whenWaiting),
    addressOf: async (name) =>
      homeOf(name).pidOf
        ? addressOf(lab, await pidOf(name))
        : inspect(name, '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}'),
    down: () => host.down(),
  };
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
