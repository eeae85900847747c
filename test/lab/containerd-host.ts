import { publishedBy, writeNetwork } from './cni-network.ts';
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
    writeNetwork(this.lab, publishedBy(options, 'ctr'));
    await this.containerd.runOnNetwork(name);
    return this.pidOf(name);
  }

  pidOf(name: string): Promise<number> {
    return this.containerd.pidOf(name);
  }

  async down(): Promise<void> {
    await this.containerd.down();
    end(descendants(processesIn(this.lab.namespace('host'))));
    this.lab.down();
  }
}
