import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { busyboxImage } from './busybox-image.ts';
import { removeGroups } from './control-groups.ts';
import type { Lab } from './lab.ts';
import { descendants, end } from './processes.ts';

/** A real containerd beside a lab, driven by its own client; its containers take the lab's namespaces, or new ones. */
export class Containerd {
  readonly address: string;
  readonly #folder: string;
  #daemon?: number;

  private constructor(readonly lab: Lab) {
    this.#folder = join(lab.folder, 'containerd');
    this.address = join(this.#folder, 'containerd.sock');
    lab.environment.CONTAINERD_ADDRESS = this.address;
    process.on('exit', this.#end);
  }

  /** With the name of an image to make pods of, its CRI is there too. */
  static async up(lab: Lab, pause?: string): Promise<Containerd> {
    const containerd = new Containerd(lab);
    try {
      mkdirSync(containerd.#folder);
      await busyboxImage(containerd.#folder);
      await containerd.#start(pause);
      return containerd;
    } catch (error) {
      await containerd.down();
      throw error;
    }
  }

  /** Asks by ctr; resolves to what it said. */
  async client(...argv: string[]): Promise<string> {
    // On the host: with --cni it is the client that makes the network.
    const { stdout } = await this.lab.run('host', ['ctr', ...argv], { stdin: 'ignore', stdout: 'pipe' });
    return stdout;
  }

  /** Runs a container that sleeps, in a namespace of the lab where a path is given, else in one of its own. */
  run(name: string, netns?: string): Promise<void> {
    return this.#run(name, netns === undefined ? [] : ['--with-ns', `network:${netns}`]);
  }

  /** Runs a container that sleeps on the machine's CNI network, with the host's resolv.conf. */
  runOnNetwork(name: string): Promise<void> {
    const resolver = 'type=bind,src=/etc/resolv.conf,dst=/etc/resolv.conf,options=rbind:ro';
    return this.#run(name, ['--cni', '--mount', resolver]);
  }

  async #run(name: string, more: readonly string[]): Promise<void> {
    const options = ['--detach', '--rootfs', '--cgroup', `/${this.lab.id}/${name}`, ...more];
    await this.client('run', ...options, join(this.#folder, 'image'), name, '/bin/sleep', '900');
  }

  /** The first process of a container that runs; `where`: `--namespace k8s.io`, for one of a pod. */
  async pidOf(id: string, ...where: readonly string[]): Promise<number> {
    const tasks = (await this.client(...where, 'tasks', 'list')).split('\n').map((line) => line.split(/\s+/));
    return Number(tasks.find(([task]) => task === id)?.[1]);
  }

  async down(): Promise<void> {
    const words = async (...argv: string[]): Promise<string[]> =>
      (await this.client(...argv, 'list', '--quiet').catch(() => '')).split('\n').filter(Boolean);
    for (const space of await words('namespaces'))
      for (const task of await words('--namespace', space, 'tasks'))
        await this.client('--namespace', space, 'tasks', 'delete', '--force', task).catch(() => {});
    this.#end();
  }

  async #start(pause: string | undefined): Promise<void> {
    const at = (name: string): string => join(this.#folder, name);
    const cri = 'io.containerd.grpc.v1.cri';
    // It would give pods another standing before the OOM killer, which some machines forbid even root.
    const pods = `[plugins."${cri}"]\nsandbox_image = "${pause}"\nrestrict_oom_score_adj = true`;
    writeFileSync(
      at('config.toml'),
      [
        'version = 2',
        `root = "${at('root')}"`,
        `state = "${at('state')}"`,
        pause === undefined
          ? `disabled_plugins = ["${cri}"]`
          : `${pods}\n[plugins."${cri}".containerd]\nsnapshotter = "native"`,
        '',
      ].join('\n'),
    );
    const log = { file: at('log') };
    const argv = ['containerd', '--config', at('config.toml'), '--address', this.address];
    this.#daemon = this.lab.run('host', argv, {
      reject: false,
      stdin: 'ignore',
      stdout: log,
      stderr: log,
    }).pid;
    for (let left = 150; left > 0; left -= 1) {
      if (existsSync(this.address) && (await this.client('version').catch(() => undefined))) return;
      await sleep(100);
    }
    throw new Error('containerd did not start within 15 seconds.');
  }

  readonly #end = (): void => {
    process.off('exit', this.#end);
    if (this.#daemon !== undefined) end(descendants([this.#daemon]));
    removeGroups(this.lab.id);
  };
}
