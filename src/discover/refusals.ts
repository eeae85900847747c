/** Handshakes of a namespace's programs that are refused while somebody looks: a refused socket is gone at once. */
import type { Machine } from '../host/machine.ts';
import { isLoopback } from '../kernel/arrival.ts';
import type { Failing } from '../model/failing.ts';
import type { Netns } from '../model/netns.ts';
import type { SocketState } from '../model/socket.ts';
import { decodeNetwork, type Packet } from '../wire/packet.ts';

/** A RST over IPv4 or IPv6: pcap-filter(7) reads no TCP flags behind an IPv6 header by itself. */
const FILTER = '(tcp[tcpflags] & tcp-rst != 0) or (ip6[6] = 6 and ip6[53] & 4 != 0)';
/** More tell no more. */
const MOST = 1000;
/** One refusal is an attempt; a program that tries again has more of them. */
const AGAIN = 2;

/** A connection in any other state, TIME-WAIT included, was taken. */
const NEVER_STOOD = new Set<SocketState['state']>(['SYN-SENT', 'LISTEN', 'UNCONN']);

export interface Refusals {
  /** Ends that refused again and again by now, the most often first; no program has a connection to the same port. */
  seen(): readonly Failing[];
  stop(): Promise<void>;
}

/** Begins to watch. A program that asks a name's addresses in turn is refused by one and taken by another: that is no failure. */
export function watchRefusals(machine: Machine, netns: Netns): Refusals {
  const packets: Packet[] = [];
  const socket = machine.packets(netns, { filter: FILTER }, ({ bytes, protocol, senderMac, direction }) => {
    const packet = direction === 'in' && packets.length < MOST && decodeNetwork(bytes, protocol, senderMac);
    if (packet && isRefusal(packet)) packets.push(packet);
  });
  return {
    seen() {
      if (socket.known) socket.value.look();
      const ends = new Map<string, Packet[]>();
      for (const packet of packets) {
        const end = `${packet.source} ${packet.tcp!.sourcePort}`;
        ends.set(end, [...(ends.get(end) ?? []), packet]);
      }
      const often = [...ends.values()].filter((same) => same.length >= AGAIN);
      if (often.length === 0) return [];
      const look = machine.sockets(netns);
      const taken = new Set(
        look.known
          ? look.value.filter(({ state }) => !NEVER_STOOD.has(state)).map((one) => one.destinationPort)
          : [],
      );
      return often
        .filter((same) => !taken.has(same[0]!.tcp!.sourcePort))
        .sort((a, b) => b.length - a.length)
        .map((same) => failingOf(same[0]!, same.length));
    },
    stop: async () => (socket.known ? socket.value.stop() : undefined),
  };
}

/** The answer to a SYN has no sequence number of its own: RFC 9293, 3.5.2. */
const isRefusal = ({ tcp, source }: Packet): boolean =>
  tcp?.rst === true && tcp.ack && tcp.sequence === 0 && !isLoopback(source);

const failingOf = ({ source, family, tcp }: Packet, times: number): Failing => ({
  how: 'refused',
  from: 'container',
  proto: 'tcp',
  address: source,
  port: tcp!.sourcePort,
  family,
  times,
  holder: null,
  since: null,
  source: ['tcpdump', '-ni', 'any', `src ${source} and ${FILTER}`],
});
