/** A probe's socket, as the rest of the program knows it. */
import type { Netns } from '../model/netns.ts';
import type { User } from '../model/socket.ts';

export interface SocketSpec {
  /** `syn`: raw TCP, by which a SYN is sent as its sender wrote it, from a port that is held meanwhile. */
  readonly kind: 'icmp' | 'tcp' | 'udp' | 'syn';
  readonly family: 4 | 6;
  readonly netns: Netns | null;
  /** A link-local address may name its interface by number: `fe80::1%3`. */
  readonly destination: string;
  readonly port: number | null;
  /** Don't fragment (IP_MTU_DISCOVER probe mode: the kernel's cached path MTU is ignored). */
  readonly dontFragment?: boolean;
  /** cgroup2 directory the socket is to belong to, for the programs attached there. */
  readonly cgroup?: string;
  /** As whose it is made, where that is not our own. */
  readonly user?: User;
  readonly source?: string;
  /** SO_BINDTODEVICE: it leaves by this interface alone. socket(7) */
  readonly device?: string;
  /** Datagrams of any sender are heard, whatever port they come from. */
  readonly anySender?: boolean;
  /** Source port, where one matters; refused with EADDRINUSE when somebody has it. */
  readonly sourcePort?: number;
  /** Time to live, traffic class (the whole byte) and mark of what it sends, where they are not the namespace's own. */
  readonly ttl?: number;
  readonly tos?: number;
  readonly mark?: number;
}

export type SocketEvent =
  | { readonly type: 'data'; readonly bytes: Uint8Array; readonly from: string; readonly at: bigint }
  /** `microseconds`: round trip of the handshake; `segment`: IP length of a full segment as negotiated. */
  | {
      readonly type: 'connected';
      readonly at: bigint;
      readonly microseconds: number | null;
      readonly segment: number | null;
    }
  | { readonly type: 'error'; readonly errno: string; readonly at: bigint }
  /** The port that the kernel gave it when it was sent from, where it could not be had before. */
  | { readonly type: 'bound'; readonly port: number; readonly at: bigint }
  /** The far end has closed the connection: it says no more. */
  | { readonly type: 'ended'; readonly at: bigint };

/**
 * What stands in a datagram that is wanted: a number of 1, 2 or 4 bytes, in network order, so many bytes into the ICMP
 * message or the UDP datagram with their headers; `oneOf` are the numbers that will do.
 */
export interface Mark {
  readonly at: number;
  readonly size: 1 | 2 | 4;
  readonly oneOf: readonly number[];
}

/** A probe's socket: opened in its namespace, bound before anything is sent where a port is free, so that it is known. */
export interface ProbeSocket {
  /** Null for ICMP, and where no port could be had before the destination is named: an event tells it then. */
  readonly localPort: number | null;
  /** Of `syn` alone: the address that it sends from. */
  readonly localAddress: string | null;
  /** ICMP, UDP and SYN: sends one datagram, or segment. TCP: connects. Returns an errno name when the kernel refused at once. */
  send(bytes?: Uint8Array): string | null;
  /** TCP, once connected: sends bytes, and what comes back is told from then on. An errno name when it was refused. */
  write(bytes: Uint8Array): string | null;
  /**
   * From now on the kernel keeps every datagram from the socket that has not all of these marks, and what came before
   * is forgotten: strangers' traffic then neither wakes anybody nor takes the room of an answer. ICMP and UDP.
   */
  only(marks: readonly Mark[]): void;
  /** Datagrams that the kernel threw away since `only`, since the socket had no room for them. */
  lost(): number;
  /** Hears at once what is there already: a busy event loop may be late in telling. */
  look(): void;
  close(): void;
}
