import type { Flow } from '../model/flow.ts';
import type { DatagramProtocol } from './protocol.ts';

const files = import.meta.glob<{ default: DatagramProtocol }>('./datagrams/*.ts', { eager: true });

export const datagramProtocols: readonly DatagramProtocol[] = Object.values(files).map(
  ({ default: one }) => one,
);

const byPort = new Map(datagramProtocols.flatMap((one) => one.ports.map((port) => [port, one] as const)));

/** The protocol whose port is asked by UDP; undefined where the port tells none. */
export const protocolOf = ({ proto, port }: Pick<Flow, 'proto' | 'port'>): DatagramProtocol | undefined =>
  proto === 'udp' && port !== null ? byPort.get(port) : undefined;
