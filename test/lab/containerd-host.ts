import { writeNetwork } from './cni-network.ts';
import { Containerd } from './containerd.ts';
import type { EngineHost } from './engine-network.ts';
import { Lab } from './lab.ts';
import { descendants, end, processesIn } from './processes.ts';

/**
 * A containerd on a host of its own, whose containers `ctr run --cni` joins to a network. It is for an enclosure: the
 * network stands where the machine's own would.
 */
export class ContainerdHost implements EngineHost {
  readonly name = 'containerd';
  readonly #pids = new Map<string, number>();

  private constructor(
    readonly lab: Lab,
    readonly containerd: Containerd,
  ) {}

  static async up(): Promise<ContainerdHost> {
    const lab = await Lab.up({ bare: true });
    try {
      return new ContainerdHost(lab, await Containerd.up(lab));
    } catch (error) {
      lab.down();
      throw error;
    }
  }

  client(...argv: string[]): Promise<string> {
    return this.containerd.client(...argv);
  }

  /** `--publish 8080:80` is all that it knows: ctr has no word for ports, so that the network itself carries them. */
  async run(name: string, options: readonly string[] = []): Promise<number> {
    const [flag, ports, ...more] = options;
    if (more.length > 0 || (flag !== undefined && flag !== '--publish'))
      throw new Error(`ctr has no ${options.join(' ')}`);
    const [hostPort = 0, containerPort = 0] = (ports ?? '').split(':').map(Number);
    writeNetwork(this.lab, ports ? [{ hostPort, containerPort }] : []);
    await this.containerd.runOnNetwork(name);
    const pid = Number(/^\S+\s+(\d+)/m.exec(await this.#taskOf(name))?.[1]);
    this.#pids.set(name, pid);
    return pid;
  }

  async #taskOf(name: string): Promise<string> {
    const tasks = await this.client('tasks', 'list');
    return tasks.split('\n').find((line) => line.startsWith(`${name} `)) ?? '';
  }

  readonly pidOf = async (name: string): Promise<string> => String(this.#pids.get(name));

  readonly addressOf = async (name: string): Promise<string> => {
    const argv = [
      'nsenter',
      `--net=/proc/${this.#pids.get(name)}/ns/net`,
      'ip',
      '-j',
      '-4',
      'addr',
      'show',
      'eth0',
    ];
    const { stdout } = await this.lab.run('host', argv, { stdin: 'ignore', stdout: 'pipe' });
    return (JSON.parse(stdout) as { addr_info: { local: string }[] }[])[0]!.addr_info[0]!.local;
  };

  async down(): Promise<void> {
    await this.containerd.down();
    end(descendants(processesIn(this.lab.namespace('host'))));
    this.lab.down();
  }
}
