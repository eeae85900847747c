import { join } from 'node:path';
import { removeGroups } from './control-groups.ts';
import { DockerEngine } from './docker-engine.ts';
import type { EngineHost, EngineOptions } from './engine-network.ts';
import { Lab } from './lab.ts';
import { descendants, end, processesIn } from './processes.ts';
import { farHost, joinSwarm } from './swarm.ts';

/** A real Docker Engine on a host of its own, with an uplink to LAN, which plays the internet. */
export class DockerHost implements EngineHost {
  readonly name = 'docker';
  /** The second engine of a swarm, on a host behind LAN. */
  far?: DockerEngine;
  readonly #engine: DockerEngine;

  private constructor(
    /** The host and LAN; the engine and all that it starts on the host live in the host's namespace. */
    readonly lab: Lab,
    readonly folder: string,
  ) {
    this.#engine = new DockerEngine(lab, 'host', folder);
    lab.environment.DOCKER_HOST = this.#engine.endpoint;
    process.on('exit', this.#end);
  }

  /** Starts one, with an image to run; no engine is an error. `daemon` is its daemon.json. */
  static async up({ ipv6 = false, daemon = {}, far = false }: EngineOptions = {}): Promise<DockerHost> {
    const lab = await Lab.up({ bare: true, ipv6 });
    const docker = new DockerHost(lab, join(lab.folder, 'docker'));
    try {
      await docker.#engine.start(daemon);
      if (far) {
        await farHost(lab);
        docker.far = new DockerEngine(lab, 'B', join(lab.folder, 'far'));
        await docker.far.start(daemon);
        await joinSwarm(docker.#engine, docker.far);
      }
      return docker;
    } catch (error) {
      await docker.down();
      throw error;
    }
  }

  client(...argv: string[]): Promise<string> {
    return this.#engine.client(...argv);
  }

  run(name: string, options: readonly string[] = []): Promise<number> {
    return this.#engine.run(name, options);
  }

  /** Ends the daemon and starts it again, with this daemon.json. */
  restart(daemon: Readonly<Record<string, unknown>>): Promise<void> {
    return this.#engine.restart(daemon);
  }

  /** Removes all containers and the networks that are not Docker's own. */
  clear(): Promise<void> {
    return this.#engine.clear();
  }

  /** Stops the engine, which takes its containers and networks with it, and removes what is left. */
  async down(): Promise<void> {
    await this.far?.stop();
    await this.#engine.stop();
    this.#end();
  }

  /** What must also work while this process ends: containers' own processes are not in the host's namespace. */
  readonly #end = (): void => {
    process.off('exit', this.#end);
    for (const place of ['host', 'B'] as const) end(descendants(processesIn(this.lab.namespace(place))));
    this.lab.down();
    removeGroups(this.lab.id);
  };
}
