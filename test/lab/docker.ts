import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { busyboxImage } from './busybox-image.ts';
import { removeGroups } from './control-groups.ts';
import type { EngineHost, EngineOptions } from './engine-network.ts';
import { Lab } from './lab.ts';
import { descendants, end, processesIn } from './processes.ts';

const IMAGE = 'busybox';

/** A real Docker Engine on a host of its own, with an uplink to LAN, which plays the internet. */
export class DockerHost implements EngineHost {
  readonly name = 'docker';

  private constructor(
    /** The host and LAN; the engine and all that it starts on the host live in the host's namespace. */
    readonly lab: Lab,
    readonly folder: string,
  ) {
    process.on('exit', this.#end);
  }

  /** Starts one, with an image to run; no engine is an error. `daemon` is its daemon.json. */
  static async up({ ipv6 = false, daemon = {} }: EngineOptions = {}): Promise<DockerHost> {
    const lab = await Lab.up({ bare: true, ipv6 });
    lab.environment.DOCKER_HOST = `unix://${join(lab.folder, 'docker', 'docker.sock')}`;
    const docker = new DockerHost(lab, join(lab.folder, 'docker'));
    try {
      mkdirSync(docker.folder);
      await docker.#start(daemon);
      await docker.client('import', await busyboxImage(docker.folder), IMAGE);
      return docker;
    } catch (error) {
      await docker.down();
      throw error;
    }
  }

  /** Asks the engine, by its own client; resolves to what it said. */
  async client(...argv: string[]): Promise<string> {
    // Some commands ask before they act, and would wait for ever.
    const { stdout } = await execa('docker', argv, { env: this.lab.environment, stdin: 'ignore' });
    return stdout;
  }

  /** Runs a container of the name given, which sleeps; resolves to the process id of its first process. */
  async run(name: string, options: readonly string[] = []): Promise<number> {
    await this.client('run', '--detach', '--init=false', '--name', name, ...options, IMAGE, 'sleep', '900');
    return Number(await this.client('inspect', '--format', '{{.State.Pid}}', name));
  }

  /** Removes all containers and the networks that are not Docker's own. */
  async clear(): Promise<void> {
    const containers = (await this.client('ps', '--all', '--quiet')).split('\n').filter(Boolean);
    if (containers.length > 0) await this.client('rm', '--force', ...containers);
    // A member of a swarm keeps networks that cannot be removed.
    await this.client('swarm', 'leave', '--force').catch(() => {});
    const networks = (await this.client('network', 'ls', '--quiet', '--filter', 'type=custom'))
      .split('\n')
      .filter(Boolean);
    if (networks.length > 0) await this.client('network', 'rm', ...networks);
  }

  async #start(daemon: Readonly<Record<string, unknown>>): Promise<void> {
    const { folder, lab } = this;
    const log = join(folder, 'log');
    // In place of the machine's own, which must not steer it.
    const configuration = join(folder, 'daemon.json');
    writeFileSync(configuration, JSON.stringify(daemon));
    const engine = lab.run(
      'host',
      [
        'dockerd',
        `--host=unix://${join(folder, 'docker.sock')}`,
        `--data-root=${join(folder, 'data')}`,
        `--exec-root=${join(folder, 'exec')}`,
        `--pidfile=${join(folder, 'pid')}`,
        `--config-file=${configuration}`,
        // A copy of a megabyte is cheaper than asking whether this file system can be stacked.
        '--storage-driver=vfs',
        '--exec-opt=native.cgroupdriver=cgroupfs',
        `--cgroup-parent=/${lab.id}`,
      ],
      { reject: false, stdin: 'ignore', stdout: { file: log }, stderr: { file: log }, buffer: false },
    );
    let ended = false;
    engine.then(() => {
      ended = true;
    });
    for (let left = 300; left > 0 && !ended; left -= 1) {
      if (await this.#answers()) return;
      await sleep(100);
    }
    const said = existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n').slice(-5).join('\n') : '';
    throw new Error(`Docker did not start${ended ? '' : ' within 30 seconds'}:\n${said}`);
  }

  async #answers(): Promise<boolean> {
    if (!existsSync(join(this.folder, 'docker.sock'))) return false;
    const { failed } = await execa('docker', ['version'], { env: this.lab.environment, reject: false });
    return !failed;
  }

  /** Stops the engine, which takes its containers and networks with it, and removes what is left. */
  async down(): Promise<void> {
    await this.clear().catch(() => {});
    const pidFile = join(this.folder, 'pid');
    if (existsSync(pidFile)) {
      const pid = Number(readFileSync(pidFile, 'utf8'));
      process.kill(pid, 'SIGTERM');
      for (let left = 100; left > 0 && existsSync(`/proc/${pid}`) && existsSync(pidFile); left -= 1)
        await sleep(50);
    }
    this.#end();
  }

  /** What must also work while this process ends: containers' own processes are not in the host's namespace. */
  readonly #end = (): void => {
    process.off('exit', this.#end);
    end(descendants(processesIn(this.lab.namespace('host'))));
    this.lab.down();
    removeGroups(this.lab.id);
  };
}
