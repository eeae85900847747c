/** What a namespace's programs ask of others, told from the packets that cross its interfaces: what is answered, refused, or neither. */
import { familyOf } from '../model/ends.ts';
import type { Failing } from '../model/failing.ts';
import type { SocketState } from '../model/socket.ts';
import type { Packet } from '../wire/packet.ts';
import { isLoopback } from './arrival.ts';
import { isForMany } from './one-to-many.ts';

const DNS_PORT = 53;
/** From here on ports are given to who asks: net.ipv4.ip_local_port_range. A datagram to one of them is an answer. */
const FIRST_OF_WHO_ASKS = 32_768;
/** ECHO and ECHOREPLY of RFC 792 and RFC 4443. */
const ECHO: ReadonlySet<number> = new Set([8, 128]);
const ECHO_REPLY: ReadonlySet<number> = new Set([0, 129]);

type Far = Pick<Failing, 'proto' | 'address' | 'port' | 'family'>;

/** What one packet says of the end that is asked. */
export interface Word extends Far {
  readonly is: 'asked' | 'answered' | 'refused';
  /** The own port; 0 of a ping. */
  readonly from: number;
}

/** Undefined where it says nothing of the kind. */
export function wordOf(packet: Packet, direction: 'in' | 'out'): Word | undefined {
  const { tcp, udp, icmp } = packet;
  const address = direction === 'out' ? packet.destination : packet.source;
  if (isLoopback(address) || isForMany(address)) return undefined;
  const word = (is: Word['is'], proto: Far['proto'], port: number | null, from: number): Word => ({
    ...{ is, proto, address, port, from },
    family: familyOf(address),
  });
  if (tcp && direction === 'out')
    return tcp.syn && !tcp.ack ? word('asked', 'tcp', tcp.destinationPort, tcp.sourcePort) : undefined;
  if (tcp) {
    const is = tcp.syn && tcp.ack ? 'answered' : isRefusal(tcp) ? 'refused' : undefined;
    return is && word(is, 'tcp', tcp.sourcePort, tcp.destinationPort);
  }
  if (udp) {
    const [own, far] =
      direction === 'out' ? [udp.sourcePort, udp.destinationPort] : [udp.destinationPort, udp.sourcePort];
    const proto = far === DNS_PORT ? 'dns' : 'udp';
    return far < FIRST_OF_WHO_ASKS
      ? word(direction === 'out' ? 'asked' : 'answered', proto, far, own)
      : undefined;
  }
  if (icmp && (direction === 'out' ? ECHO : ECHO_REPLY).has(icmp.type))
    return word(direction === 'out' ? 'asked' : 'answered', 'icmp', null, 0);
  return undefined;
}

/** The answer to a SYN has no sequence number of its own: RFC 9293, 3.5.2. */
const isRefusal = ({ rst, ack, sequence }: NonNullable<Packet['tcp']>): boolean =>
  rst && ack && sequence === 0;

/** A socket that waits for the answer to its SYN has asked. */
export const waiting = ({ state, ...socket }: SocketState): Word | undefined =>
  state !== 'SYN-SENT' || isLoopback(socket.destination)
    ? undefined
    : {
        ...{ is: 'asked', proto: 'tcp', address: socket.destination, port: socket.destinationPort },
        ...{ family: familyOf(socket.destination), from: socket.sourcePort },
      };

/** An end, and what was seen of it. */
export interface End extends Far {
  readonly asked: number;
  readonly refused: number;
  readonly answered: boolean;
  /** When it was asked first: nanoseconds of CLOCK_MONOTONIC; null: it was not seen to be. */
  readonly since: bigint | null;
  /** From which port it was asked last. */
  readonly from: number;
}

export const keyOf = ({ proto, address, port }: Far): string => `${proto} ${address} ${port}`;

/** The same end after another word. */
export function heard(before: End | undefined, { is, from, ...far }: Word, at: bigint): End {
  const one = before ?? { ...far, asked: 0, refused: 0, answered: false, since: null, from };
  return {
    ...one,
    ...(is === 'asked' ? { asked: one.asked + 1, since: one.since ?? at, from } : {}),
    ...(is === 'refused' ? { refused: one.refused + 1 } : {}),
    answered: one.answered || is === 'answered',
  };
}

/** It was asked, and nothing at all came back. */
export const isMute = ({ asked, refused, answered }: End): boolean => asked > 0 && refused === 0 && !answered;
