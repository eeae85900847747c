import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { busyboxImage } from './busybox-image.ts';
import { removeGroups } from './control-groups.ts';
import type { Lab } from './lab.ts';

/** Where LXC looks when it is told nothing: a name of the lab's own keeps others' containers apart. */
const HOME = '/var/lib/lxc';

/** A real container of LXC with a veth on a bridge of the lab's host. */
export class LxcContainer {
  readonly name: string;

  private constructor(readonly lab: Lab) {
    this.name = `${lab.id}-web`;
    process.on('exit', this.#end);
  }

  static async up(lab: Lab): Promise<LxcContainer> {
    const container = new LxcContainer(lab);
    try {
      await container.#start();
      return container;
    } catch (error) {
      await container.down();
      throw error;
    }
  }

  async down(): Promise<void> {
    await this.#onHost('lxc-stop', '--kill', '--name', this.name).catch(() => {});
    this.#end();
  }

  async #start(): Promise<void> {
    const folder = join(HOME, this.name);
    const rootfs = join(folder, 'image');
    mkdirSync(folder, { recursive: true });
    await busyboxImage(folder);
    for (const name of ['proc', 'sys', 'dev']) mkdirSync(join(rootfs, name));
    const lines = [
      `lxc.uts.name = ${this.name}`,
      `lxc.rootfs.path = dir:${rootfs}`,
      'lxc.init.cmd = /bin/sleep 900',
      'lxc.apparmor.profile = unconfined',
      `lxc.cgroup.dir = ${this.lab.id}/lxc`,
      'lxc.net.0.type = veth',
      'lxc.net.0.name = eth0',
      'lxc.net.0.flags = up',
      'lxc.net.0.veth.pair = vethlxc',
      'lxc.net.0.ipv4.address = 10.88.0.9/24',
      'lxc.net.0.ipv4.gateway = 10.88.0.1',
    ];
    writeFileSync(join(folder, 'config'), `${lines.join('\n')}\n`);
    await this.#onHost('lxc-start', '--name', this.name);
    // LXC looks for the bridge in /sys, which shows the machine's own links and never the lab's.
    await this.#onHost('ip', 'link', 'set', 'vethlxc', 'master', 'br0', 'up');
    await this.#onHost('lxc-wait', '--name', this.name, '--state', 'RUNNING', '--timeout', '20');
  }

  async #onHost(...argv: string[]): Promise<void> {
    await this.lab.run('host', argv, { stdin: 'ignore', stdout: 'ignore', timeout: 30_000 });
  }

  readonly #end = (): void => {
    process.off('exit', this.#end);
    const folder = join(HOME, this.name);
    rmSync(folder, { recursive: true, force: true });
    removeGroups(this.lab.id);
  };
}
