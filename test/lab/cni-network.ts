import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lab } from './lab.ts';

/** Where ctr and the CRI look for networks: go-cni, defaults. */
const NETWORKS = '/etc/cni/net.d';

/** A port of the host, and the container's that it leads to. */
export interface Mapped {
  readonly hostPort: number;
  readonly containerPort: number;
}

/** The port of a run's only option, `--publish 8080:80`; none without options. @throws with any other, which `who` has not */
export function publishedBy(options: readonly string[], who: string): readonly Mapped[] {
  if (options.length === 0) return [];
  const [flag, ports = '', ...more] = options;
  if (flag !== '--publish' || more.length > 0) throw new Error(`${who} has no ${options.join(' ')}`);
  const [hostPort = 0, containerPort = 0] = ports.split(':').map(Number);
  return [{ hostPort, containerPort }];
}

/**
 * Writes the network of containerd's own instructions (script/setup/install-cni): a bridge with masquerade, and portmap.
 * Ports that nobody can tell the client of can be written into it. The folder is the machine's: this is for an enclosure.
 */
export function writeNetwork({ folder }: Lab, ports: readonly Mapped[]): void {
  const portMappings = ports.map((port) => ({ ...port, protocol: 'tcp' }));
  const network = {
    cniVersion: '1.0.0',
    name: 'containerd-net',
    plugins: [
      {
        type: 'bridge',
        bridge: 'cni0',
        isGateway: true,
        ipMasq: true,
        // Every lab begins with the first address: what another one gave away is nothing to it.
        ipam: {
          type: 'host-local',
          dataDir: join(folder, 'addresses'),
          ranges: [[{ subnet: '10.88.0.0/16' }]],
          routes: [{ dst: '0.0.0.0/0' }],
        },
      },
      {
        type: 'portmap',
        capabilities: { portMappings: true },
        ...(ports.length > 0 ? { runtimeConfig: { portMappings } } : {}),
      },
    ],
  };
  mkdirSync(NETWORKS, { recursive: true });
  writeFileSync(join(NETWORKS, '10-containerd-net.conflist'), JSON.stringify(network));
}
