/** The fix for a program that listens on loopback only: NAT inside its namespace leads this one port to it. */

import { arrival } from '../kernel/arrival.ts';
import { socketName } from '../kernel/listening.ts';
import { netnsOf } from '../kernel/travel.ts';
import type { Listener, Side, Sysctls } from '../model/facts.ts';
import { type Fix, run } from '../model/fix.ts';
import type { Scene } from '../model/scene.ts';
import { linkHolding } from '../model/stack.ts';

/**
 * route_localnet (ip-sysctl.rst) lets the port be led to 127.0.0.1, and would open every other loopback port to the
 * link: a rule before NAT keeps out what was sent to 127.0.0.0/8 from there. IPv6 has no such setting.
 * Only inside a container: on the host it would be everybody's programs.
 */
export function reachLoopback(
  scene: Scene & { readonly sysctls: Sysctls },
  side: Side,
  address: string,
  listener: Listener,
): Fix[] {
  const stack = side === 'host' ? null : scene.stacks[side];
  const dev = stack && linkHolding(stack, address)?.name;
  const netns = netnsOf(scene, side);
  if (!dev || dev === 'lo' || !netns || arrival(scene).hop?.where !== side) return [];
  if (scene.flow.family !== 4 || listener.family !== 4 || listener.proto !== 'tcp') return [];
  const key = `net.ipv4.conf.${dev}.route_localnet`;
  const before = scene.sysctls[side][key];
  if (before === undefined) return [];
  const port = String(listener.port);
  const guard = ['PREROUTING', '-i', dev, '-d', '127.0.0.0/8', '-j', 'DROP'];
  const match = ['-i', dev, '-d', address, '-p', 'tcp', '--dport', port];
  const lead = ['PREROUTING', ...match, '-j', 'DNAT', '--to-destination', `${listener.address}:${port}`];
  const rule = (table: string, verb: '-A' | '-D', words: readonly string[]) =>
    run(['iptables', '-t', table, verb, ...words], netns);
  const set = (value: string) => run(['sysctl', '-w', `${key}=${value}`], netns);
  return [
    {
      title: `Lead ${address} port ${port} to ${socketName(listener)}`,
      risk: 'disruptive',
      lasts: 'until the container restarts',
      affects: `whoever can reach ${address} can then reach that program, which may listen on loopback on purpose`,
      apply: [rule('raw', '-A', guard), set('1'), rule('nat', '-A', lead)],
      undo: [rule('nat', '-D', lead), set(before), rule('raw', '-D', guard)],
    },
  ];
}
