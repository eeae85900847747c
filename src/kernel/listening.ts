/** Who listens where, and for whom. */
import type { Listener, Side } from '../model/facts.ts';
import { carrier, destination, type Family, type Flow } from '../model/flow.ts';
import type { Scene } from '../model/scene.ts';

/** DNS probes go by UDP. */
export const transport = (flow: Pick<Flow, 'proto'>): 'tcp' | 'udp' | null => {
  const proto = carrier(flow);
  return proto === 'icmp' ? null : proto;
};

const WILDCARD: Readonly<Record<string, readonly Family[]>> = { '*': [4, 6], '0.0.0.0': [4], '::': [6] };

/** Would this socket take a connection to the address? */
export const takes = (listener: Listener, address: string, family: Family): boolean =>
  WILDCARD[listener.address]?.includes(family) ?? listener.address.replace(/^::ffff:/, '') === address;

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

/** The command that shows them. */
export const SHOW_LISTENERS = ['ss', '-lntup'] as const;
