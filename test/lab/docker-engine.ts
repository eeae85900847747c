import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { busyboxImage } from './busybox-image.ts';
import type { Lab } from './lab.ts';
import type { Place } from './names.ts';

const IMAGE = 'busybox';

/** One dockerd on one machine of a lab, with all that it keeps in a folder of its own. */
export class DockerEngine {
  /** What `DOCKER_HOST` must be to reach it. */
  readonly endpoint: string;

  constructor(
    readonly lab: Lab,
    readonly place: Place,
    readonly folder: string,
  ) {
    this.endpoint = `unix://${join(folder, 'docker.sock')}`;
  }

  /** Starts it, with an image to run; one that does not answer is an error. `daemon` is its daemon.json. */
  async start(daemon: Readonly<Record<string, unknown>>): Promise<void> {
    mkdirSync(this.folder);
    await this.#serve(daemon);
    await this.client('import', await busyboxImage(this.folder), IMAGE);
  }

  /** Ends the daemon and starts it again; containers live on where its settings say `live-restore`. */
  async restart(daemon: Readonly<Record<string, unknown>>): Promise<void> {
    await this.#end();
    await this.#serve(daemon);
  }

  /** Asks the engine, by its own client; resolves to what it said. */
  async client(...argv: string[]): Promise<string> {
    const env = { ...this.lab.environment, DOCKER_HOST: this.endpoint };
    // Some commands ask before they act, and would wait for ever.
    const { stdout } = await execa('docker', argv, { env, stdin: 'ignore' });
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

  /** Stops it, which takes its containers and networks with it. */
  async stop(): Promise<void> {
    await this.clear().catch(() => {});
    await this.#end();
  }

  async #end(): Promise<void> {
    const pidFile = join(this.folder, 'pid');
    if (!existsSync(pidFile)) return;
    const pid = Number(readFileSync(pidFile, 'utf8'));
    process.kill(pid, 'SIGTERM');
    for (let left = 100; left > 0 && existsSync(`/proc/${pid}`) && existsSync(pidFile); left -= 1)
      await sleep(50);
  }

  async #serve(daemon: Readonly<Record<string, unknown>>): Promise<void> {
    const { folder, lab } = this;
    const log = join(folder, 'log');
    // In place of the machine's own, which must not steer it.
    const configuration = join(folder, 'daemon.json');
    writeFileSync(configuration, JSON.stringify(daemon));
    const engine = lab.run(
      this.place,
      [
        'dockerd',
        `--host=${this.endpoint}`,
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
    return this.client('version').then(
      () => true,
      () => false,
    );
  }
}
