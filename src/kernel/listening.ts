/** Who listens where, and for whom. */

import { unmapped } from '../model/ends.ts';
import type { Listener, Side } from '../model/facts.ts';
import { carrier, destination, type Family, type Flow } from '../model/flow.ts';
import type { Scene } from '../model/scene.ts';
import { list } from '../words/text.ts';

/** DNS probes go by UDP. */
export const transport = (flow: Pick<Flow, 'proto'>): 'tcp' | 'udp' | null => {
  const proto = carrier(flow);
  return proto === 'icmp' ? null : proto;
};

const WILDCARD: Readonly<Record<string, readonly Family[]>> = { '*': [4, 6], '0.0.0.0': [4], '::': [6] };

/** Would this socket take a connection to the address? */
export const takes = (listener: Listener, address: string, family: Family): boolean =>
  WILDCARD[listener.address]?.includes(family) ?? unmapped(listener.address) === address;

/** Sockets of one side that listen on the port. */
export function listenersOn(
  scene: Scene & { readonly listeners: readonly Listener[] },
  side: Side,
  port: number | null,
): Listener[] {
  const proto = transport(scene.flow);
  return scene.listeners.filter(
    (listener) => listener.side === side && listener.proto === proto && listener.port === port,
  );
}

/** `python3 on 127.0.0.1:80`; with its interface, where it is bound to one, as ss(8) writes it. */
export const socketName = (listener: Listener): string =>
  `${listener.process ?? 'a program'} on ${endOf(listener)}`;

function endOf({ address, port, device }: Listener): string {
  if (device === undefined) return destination({ address, port });
  return `${address.includes(':') ? `[${address}]` : address}%${device}:${port}`;
}

/** What is open on that side in place of this port, as a sentence behind another; only other sockets of the port, where there are some. */
export function openThere(
  scene: Scene & { readonly listeners: readonly Listener[] },
  side: Side,
  port: number | null,
): string {
  const proto = transport(scene.flow);
  const same = listenersOn(scene, side, port);
  if (same.length > 0) return ` Only ${list(same.map(socketName))} listens there.`;
  const open = scene.listeners.filter(
    (one) => one.side === side && one.proto === proto && !one.address.startsWith('127.'),
  );
  const ports = [...new Set(open.map((one) => one.port))].sort((a, b) => a - b).slice(0, 8);
  return ports.length === 0
    ? ` No ${proto} port is open there.`
    : ` What is open there: ${list(ports.map(String))}.`;
}

/** The command that shows them. */
export const SHOW_LISTENERS = ['ss', '-lntup'] as const;
