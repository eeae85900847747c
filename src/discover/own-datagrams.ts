/** The datagrams that a program sends from one port, and what comes back, while somebody looks. */
import type { Machine } from '../host/machine.ts';
import type { Netns } from '../model/netns.ts';
import type { SocketState } from '../model/socket.ts';
import { decodeNetwork, type Packet } from '../wire/packet.ts';

/** Two ends, as the program knows them. */
type Ends = Pick<SocketState, 'sourcePort' | 'destination' | 'destinationPort'>;

export interface SeenDatagrams {
  /** How many it sent. */
  readonly sent: number;
  /** Has that end said anything? */
  readonly heard: boolean;
}

export interface DatagramWatch {
  seen(): SeenDatagrams;
  stop(): Promise<void>;
}

/** Begins to watch. Nothing is seen where nobody may look. */
export function watchDatagrams(machine: Machine, netns: Netns, ends: Ends): DatagramWatch {
  const { sourcePort, destination, destinationPort } = ends;
  /** By the interface, for a packet may cross several. */
  const sent = new Map<number, number>();
  let heard = false;
  const filter = `udp and host ${destination} and port ${destinationPort} and port ${sourcePort}`;
  const socket = machine.packets(netns, { filter }, ({ bytes, protocol, senderMac, ifindex }) => {
    const packet = decodeNetwork(bytes, protocol, senderMac);
    if (packet && isFrom(packet, ends)) sent.set(ifindex, (sent.get(ifindex) ?? 0) + 1);
    else if (packet) heard = true;
  });
  return {
    seen() {
      if (socket.known) socket.value.look();
      return { sent: Math.max(0, ...sent.values()), heard };
    },
    stop: async () => (socket.known ? socket.value.stop() : undefined),
  };
}

const isFrom = ({ destination, udp }: Packet, ends: Ends): boolean =>
  destination === ends.destination && udp?.sourcePort === ends.sourcePort;
