/** Packets of strangers through the lab's host, from a container to a place behind the uplink that swallows them. */
import type { Lab } from '../test/lab/lab.ts';
import type { Place } from '../test/lab/names.ts';

const SINK = '203.0.113.9';
const PORT = 9;

export interface Sent {
  readonly sent: number;
  readonly seconds: number;
  /** Processor time of the sender; on veths that is also the packets' way through the host. */
  readonly microseconds: number;
}

/**
 * A device beyond the uplink that takes every packet for sent: nothing is dropped anywhere, no error comes back. What
 * a socket's full buffer or a firewall would drop, every observer of drops would see.
 */
export async function addSink(lab: Lab): Promise<void> {
  const { exitCode, said } = await lab.step({
    in: 'LAN',
    sh: `ip link add sink type dummy || ip link add sink type ifb
      ip link set sink up && ip addr add 203.0.113.1/24 dev sink && sysctl -qw net.ipv4.ip_forward=1`,
  });
  if (exitCode !== 0) throw new Error(`no sink for packets could be made: ${said}`);
}

/** Sends from a container for some seconds, `rate` packets a second or as many as go. */
export async function flood(lab: Lab, from: Place, rate: number | 'max', seconds: number): Promise<Sent> {
  const { stdout } = await lab.run(from, ['flood', SINK, String(PORT), String(rate), String(seconds)], {
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'inherit',
  });
  return JSON.parse(stdout) as Sent;
}

/** Packets that have left the host by its uplink so far. */
export async function forwarded(lab: Lab): Promise<number> {
  const { stdout } = await lab.run('host', ['ip', '-j', '-s', 'link', 'show', 'up0'], { stdout: 'pipe' });
  const [link] = JSON.parse(stdout) as [{ stats64: { tx: { packets: number } } }];
  return link.stats64.tx.packets;
}
