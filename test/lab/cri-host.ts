import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { publishedBy, writeNetwork } from './cni-network.ts';
import { Containerd } from './containerd.ts';
import { call } from './cri-client.ts';
import { sleepingImage } from './cri-image.ts';
import type { EngineHost } from './engine-network.ts';
import { Lab } from './lab.ts';
import { descendants, end, processesIn } from './processes.ts';

const PAUSE = 'localhost/pause:lab';
/** Where runtimes of Kubernetes listen, and are looked for. */
const SOCKET = '/run/containerd/containerd.sock';
const SPACE = 'shop';
/** Whose containers ctr tells of: those of the CRI. */
const OF_PODS = ['--namespace', 'k8s.io'] as const;

/**
 * The CRI of a real containerd, for pods: kubelet's part is played by the test. It is for an enclosure: socket and network
 * stand where the machine's own would.
 */
export class CriHost implements EngineHost {
  readonly name = 'cri';

  private constructor(
    readonly lab: Lab,
    readonly containerd: Containerd,
  ) {}

  static async up(): Promise<CriHost> {
    const lab = await Lab.up({ bare: true });
    try {
      const folder = join(lab.folder, 'pause');
      mkdirSync(folder);
      const archive = await sleepingImage(folder, PAUSE);
      writeNetwork(lab, []);
      const containerd = await Containerd.up(lab, PAUSE);
      const host = new CriHost(lab, containerd);
      rmSync(SOCKET, { force: true });
      mkdirSync('/run/containerd', { recursive: true });
      symlinkSync(containerd.address, SOCKET);
      await host.client('images', 'import', archive);
      return host;
    } catch (error) {
      end(descendants(processesIn(lab.namespace('host'))));
      lab.down();
      throw error;
    }
  }

  client(...argv: string[]): Promise<string> {
    return this.containerd.client(...OF_PODS, ...argv);
  }

  /** A pod with `--publish 8080:80` as its only option: of Kubernetes, a hostPort. */
  async run(name: string, options: readonly string[] = []): Promise<number> {
    const ports = publishedBy(options, 'a pod');
    // What kubelet names it by: pkg/kubelet/types/labels.go. The numbers are those of PodSandboxConfig's fields.
    const labels = { name, namespace: SPACE, uid: `uid-${name}` };
    await call(this.containerd.address, 'RunPodSandbox', {
      1: {
        1: { 1: name, 2: labels.uid, 3: SPACE },
        2: name,
        3: join(this.lab.folder, 'pods'),
        4: { 1: '198.51.100.53' },
        5: ports.map(({ hostPort, containerPort }) => ({ 2: containerPort, 3: hostPort })),
        6: Object.entries(labels).map(([key, value]) => ({ 1: `io.kubernetes.pod.${key}`, 2: value })),
        8: { 1: `/${this.lab.id}` },
      },
    });
    return this.pidOf(name);
  }

  async pidOf(name: string): Promise<number> {
    const filter = `labels."io.kubernetes.pod.name"==${name}`;
    const id = (await this.client('containers', 'list', '--quiet', filter)).trim();
    return this.containerd.pidOf(id, ...OF_PODS);
  }

  async down(): Promise<void> {
    await this.containerd.down();
    end(descendants(processesIn(this.lab.namespace('host'))));
    this.lab.down();
  }
}
