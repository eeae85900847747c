import { describe, expect, it } from 'vitest';
import { answeredByHost, behind } from '../../src/engine/behind.ts';
import type { Machine } from '../../src/host/machine.ts';
import { known } from '../../src/model/answer.ts';
import type { Diagnosis } from '../../src/model/diagnosis.ts';
import type { PublishedPort } from '../../src/model/target.ts';
import { healthy } from '../causes/scene.ts';

const { target, stacks } = healthy();
const own = stacks.container.links
  .flatMap(({ addresses }) => addresses)
  .find(({ address }) => address.startsWith('10.'))!;

const asked = (port: number) =>
  ({
    status: 'healthy',
    flow: { from: 'host', to: `127.0.0.1:${port}`, address: '127.0.0.1', proto: 'tcp', port, family: 4 },
    path: [{ where: 'host' }],
  }) as unknown as Diagnosis;

/** One listener on the port, and what its process was started with. */
function host(process: string, argv: readonly string[]): Machine {
  const line = `tcp LISTEN 0 4096 0.0.0.0:9000 0.0.0.0:* users:(("${process}",pid=77,fd=4))\n`;
  return {
    run: async () => known({ code: 0, stdout: line, stderr: '' }, []),
    read: (path: string) =>
      path === '/proc/77/cmdline' ? known(`${argv.join('\0')}\0`, []) : { known: false },
  } as unknown as Machine;
}
const told = (ip: string) => ['/usr/bin/docker-proxy', '-container-ip', ip, '-container-port', '80'];
const ask = (process: string, argv: readonly string[], ports: readonly PublishedPort[] = []) =>
  behind(host(process, argv), { ...target, ports: [...ports] }, stacks.container, asked(9000));

describe('a port that a proxy of the host answers', () => {
  it('is answered by the host alone, and may be published where no runtime tells of ports', () => {
    const published = { hostPort: 8080, containerPort: 80, proto: 'tcp' } as PublishedPort;
    expect(answeredByHost({ ...target, ports: [] }, asked(9000))).toBe(true);
    expect(answeredByHost({ ...target, ports: [published] }, asked(9000))).toBe(false);
    expect(answeredByHost({ ...target, ports: [published] }, asked(8080))).toBe(true);
  });

  it('leads to the container where the words docker-proxy was started with say so', async () => {
    expect(await ask('docker-proxy', told(own.address))).toMatchObject({
      address: own.address,
      port: 80,
      behind: 'docker-proxy (pid 77)',
    });
  });

  it('and nowhere that is known where it leads to another one, or another program has the port', async () => {
    expect(await ask('docker-proxy', told('10.88.0.99'))).toBeUndefined();
    expect(await ask('nginx', told(own.address))).toBeUndefined();
    expect(await ask('docker-proxy', ['/usr/bin/docker-proxy', '-container-ip'])).toBeUndefined();
  });
});
