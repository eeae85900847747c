import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { busyboxImage } from './busybox-image.ts';
import { removeGroups } from './control-groups.ts';
import type { EngineHost, EngineOptions } from './engine-network.ts';
import { Lab } from './lab.ts';
import { descendants, end, processesIn } from './processes.ts';
import { removeNamespaces } from './run.ts';

const IMAGE = 'busybox';
const HELPERS = '/usr/lib/podman';
/** Where root's netavark keeps what its aardvark-dns answers, for all of a machine. */
const SHARED = '/run/containers/networks';

/** Podman for root, with netavark, on a host of its own: everything it keeps lies in the lab's folder. */
export class PodmanHost implements EngineHost {
  readonly name = 'podman';

  /** Those that Podman has made: where a fault keeps it from taking a network down, it leaves them behind. */
  readonly #namespaces = new Set<string>();

  private constructor(readonly lab: Lab) {
    process.on('exit', this.#end);
  }

  /** Makes one ready, with an image to run. */
  static async up({ ipv6 = false }: EngineOptions = {}): Promise<PodmanHost> {
    const podman = new PodmanHost(await Lab.up({ bare: true, ipv6 }));
    try {
      podman.#configure();
      await podman.client('import', await busyboxImage(podman.lab.folder), IMAGE);
      return podman;
    } catch (error) {
      await podman.down();
      throw error;
    }
  }

  /** By files named in the environment, so that a `podman` that netdoctor starts finds the same containers. */
  #configure(): void {
    const { lab } = this;
    const folder = join(lab.folder, 'podman');
    const at = (name: string): string => join(folder, name);
    mkdirSync(folder);
    for (const name of ['helpers', 'resolver']) mkdirSync(at(name));
    // Labs side by side would share one aardvark-dns, which serves the namespace of the first alone.
    writeFileSync(
      at('helpers/netavark'),
      [
        '#!/bin/bash',
        `shared=${SHARED} own=${at('resolver')}`,
        `exec ${HELPERS}/netavark "\${@/#$shared/$own}"`,
        '',
      ].join('\n'),
      { mode: 0o755 },
    );
    writeFileSync(
      at('storage.conf'),
      `[storage]\ndriver = "vfs"\ngraphroot = "${at('data')}"\nrunroot = "${at('run')}"\n`,
    );
    writeFileSync(
      at('containers.conf'),
      [
        '[containers]',
        'cgroupns = "host"',
        // Podman would raise them, which some machines forbid even root.
        'default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]',
        // Where control groups of both versions are there, the second has nothing to count with.
        'pids_limit = 0',
        '[engine]',
        'cgroup_manager = "cgroupfs"',
        'events_logger = "file"',
        `helper_binaries_dir = ["${at('helpers')}", "${HELPERS}"]`,
        `tmp_dir = "${at('tmp')}"`,
        `static_dir = "${at('static')}"`,
        `volume_path = "${at('volumes')}"`,
        '[network]',
        'network_backend = "netavark"',
        `network_config_dir = "${at('networks')}"`,
        '',
      ].join('\n'),
    );
    lab.environment.CONTAINERS_STORAGE_CONF = at('storage.conf');
    lab.environment.CONTAINERS_CONF = at('containers.conf');
  }

  /** Asks podman, on the host; resolves to what it said. */
  async client(...argv: string[]): Promise<string> {
    // Every client is the engine here: it has to run where the bridge is to be.
    const { stdout } = await this.lab.run('host', ['podman', ...argv], { stdin: 'ignore', stdout: 'pipe' });
    return stdout;
  }

  /** Runs a container of the name given, which sleeps; resolves to the process id of its first process. */
  async run(name: string, options: readonly string[] = []): Promise<number> {
    const group = `--cgroup-parent=/${this.lab.id}`;
    await this.client('run', '--detach', '--name', name, group, ...options, IMAGE, 'sleep', '900');
    const told = await this.client(
      'inspect',
      '--format',
      '{{.State.Pid}} {{.NetworkSettings.SandboxKey}}',
      name,
    );
    const [pid, namespace] = told.split(' ');
    if (namespace?.startsWith('/run/netns/')) this.#namespaces.add(basename(namespace));
    return Number(pid);
  }

  /** Removes all containers and then everything else. */
  async down(): Promise<void> {
    await this.client('rm', '--all', '--force', '--time', '0').catch(() => {});
    this.#end();
  }

  readonly #end = (): void => {
    process.off('exit', this.#end);
    end(descendants(processesIn(this.lab.namespace('host'))));
    this.lab.down();
    removeNamespaces([...this.#namespaces].filter((name) => existsSync(`/run/netns/${name}`)));
    removeGroups(this.lab.id);
  };
}
