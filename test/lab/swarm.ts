// A second host for a swarm, with LAN as the router between the two:
//
//   host ─ up0 192.0.2.1 ── 192.0.2.2 LAN 203.0.113.2 ── 203.0.113.1 up0 ─ B
import type { DockerEngine } from './docker-engine.ts';
import type { Lab } from './lab.ts';
import { ipBatch } from './run.ts';

const NEAR = '192.0.2.1';
const FAR = '203.0.113.1';

/** Makes the machine B of a bare lab a host with an uplink, and LAN the router between it and the host. */
export async function farHost(lab: Lab): Promise<void> {
  const { names } = lab;
  await ipBatch(
    [
      'link set lo up',
      `link add up0 type veth peer name eth1 netns ${names.LAN}`,
      'link set up0 up',
      `addr add ${FAR}/24 dev up0`,
    ],
    names.B,
  );
  await ipBatch(['link set eth1 up', 'addr add 203.0.113.2/24 dev eth1'], names.LAN);
  await ipBatch(['route add default via 203.0.113.2'], names.B);
  await lab.run('LAN', ['sysctl', '-qw', 'net.ipv4.ip_forward=1']);
}

/** Two engines, one swarm: the first is its manager. */
export async function joinSwarm(manager: DockerEngine, worker: DockerEngine): Promise<void> {
  await manager.client('swarm', 'init', '--advertise-addr', NEAR);
  const token = await manager.client('swarm', 'join-token', '--quiet', 'worker');
  await worker.client('swarm', 'join', '--advertise-addr', FAR, '--token', token.trim(), `${NEAR}:2377`);
}
